//! An endpoint overrides how status codes count without giving a reason.
//!
//! What is left out of an SLI, and what counts as good although it looks like a failure, is the first
//! thing a reviewer doubts: a target is easily kept by not counting. As a rule, the caller's mistakes
//! (4xx) are excluded and the service's (5xx) are bad. `bad_status = [429]` or `good_status = [503]`
//! may be right, but only those who know the service know why, and next year they don't either.
//!
//! The reason stands in the annotation, and with it in the SLO document:
//! `description = "429 is bad here: the limit protects us, not the callers"`.
//!
//! An exception is right where the reason stands elsewhere; give its address as the reason.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "status-without-reason",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("status_without_reason.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for endpoint in &subject.service.endpoints {
        let own = [
            ("good", &endpoint.good_status),
            ("bad", &endpoint.bad_status),
        ];
        let counted: Vec<_> = own
            .iter()
            .filter(|(_, codes)| !codes.is_empty())
            .map(|(what, codes)| {
                let codes: Vec<_> = codes.iter().map(u16::to_string).collect();
                format!("{} as {what}", codes.join(", "))
            })
            .collect();
        if counted.is_empty() || !endpoint.description.trim().is_empty() {
            continue;
        }
        let name = &endpoint.name;
        found.push(
            Finding::new(
                format!("{}/{name}", endpoint.journey.name),
                Place::Source(endpoint.source.clone()),
                format!(
                    "why does `{name}` count {}? Nothing says so",
                    counted.join(" and ")
                ),
            )
            .help("answer in its annotation: `description = \"…\"`"),
        );
    }
    found
}
