//! A journey lacks an owner, a user or a title.
//!
//! These are the first questions of every review. The title says what a user gets done, in their
//! words: "Buy what is in the cart", not "POST /orders". The user is whoever is unhappy when it fails:
//! for an API, the developer who calls it. The owner is the team that answers for it and gets its
//! alerts. A journey that nobody can describe is not worth a target. An endpoint in no journey is not
//! found here: the annotation does not compile without one.
//!
//! They are said in the code, on the journey: `.title("…")`, `.user("…")`, `.owner("…")`; `owner` in
//! `slo.toml` counts for all journeys of the service.
//!
//! There is hardly a reason for an exception: a sentence is shorter than one.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "journey-facts",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("journey_facts.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let is_owned = subject
        .facts()
        .and_then(|facts| facts.owner.as_ref())
        .is_some_and(|owner| !owner.trim().is_empty());
    let mut found = Vec::new();
    for journey in &subject.service.journeys {
        let record = &journey.record;
        let facts = [
            ("title", record.title.trim().is_empty()),
            ("user", record.user.trim().is_empty()),
            (
                "owner",
                record.owner.trim().is_empty() && !is_owned && subject.is_known(),
            ),
        ];
        let missing: Vec<_> = facts
            .iter()
            .filter(|(_, missing)| *missing)
            .map(|(fact, _)| *fact)
            .collect();
        if missing.is_empty() {
            continue;
        }
        let methods: Vec<_> = missing
            .iter()
            .map(|fact| format!("`.{fact}(\"…\")`"))
            .collect();
        let sources: Vec<_> = subject
            .service
            .endpoints_of(&record.name)
            .take(1)
            .map(|endpoint| endpoint.source.clone())
            .collect();
        found.push(
            Finding::new(
                &record.name,
                Place::first_of(&sources),
                format!(
                    "the journey `{}` has no {}",
                    record.name,
                    missing.join(" and no ")
                ),
            )
            .help(format!(
                "say it where the journey is declared: {}",
                methods.join(", ")
            )),
        );
    }
    found
}
