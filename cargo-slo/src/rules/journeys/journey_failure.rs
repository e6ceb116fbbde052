//! A journey does not say what its user notices when it fails.
//!
//! The answer decides what to measure and how much of it is enough. If the page stays empty, count
//! answers; if it takes too long, measure latency; if yesterday's prices are shown, neither will tell.
//! And if nobody notices anything, the journey needs no alert that wakes someone up. It is also what
//! whoever is paged tells those who ask.
//!
//! It is said in `slo.toml`, from the user's side:
//!
//! ```toml
//! [journey."checkout"]
//! when-it-fails = "the cart can't be paid; what is in it stays"
//! ```
//!
//! An exception is right where nobody knows yet because the journey is new; say when it will be asked.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};
use toml::Spanned;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "journey-failure",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("journey_failure.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if !subject.is_known() {
        return found;
    }
    for journey in &subject.service.journeys {
        let name = &journey.record.name;
        let said = subject.facts().and_then(|facts| {
            facts
                .journey
                .get_key_value(&Spanned::new(0..0, name.clone()))
        });
        let answer = said.and_then(|(_, facts)| facts.when_it_fails.as_ref());
        if answer.is_some_and(|answer| !answer.is_blank()) {
            continue;
        }
        let endpoint = subject.service.endpoints_of(name).next();
        let place = match (said, endpoint) {
            (Some((name, _)), _) => Place::Manifest(name.span()),
            (None, Some(endpoint)) => Place::Source(endpoint.source.clone()),
            (None, None) => Place::Service,
        };
        found.push(
            Finding::new(
                name,
                place,
                format!("what does the user of `{name}` notice when it fails? Nothing says so"),
            )
            .help(format!(
                "answer in `slo.toml`, under `[journey.\"{name}\"]`: `when-it-fails = \"…\"`"
            )),
        );
    }
    found
}
