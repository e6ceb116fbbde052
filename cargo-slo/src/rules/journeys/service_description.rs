//! The service has no description of what it is and what it offers.
//!
//! It is the first question of a review, and nobody can say whether a target is right for something
//! they don't know. A sentence is enough, in the words of those who call the service: what they give
//! it, and what they get. "Takes orders and follows them until they are delivered" answers more
//! questions than a diagram.
//!
//! It is said in `slo.toml`, and stands at the head of the SLO document:
//!
//! ```toml
//! description = "Takes orders and follows them until they are delivered"
//! ```
//!
//! An exception would take longer to explain than the service.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "service-description",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("service_description.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let said = subject.facts().and_then(|facts| facts.description.as_ref());
    let is_said = said.is_some_and(|text| !text.is_blank());
    if is_said || !subject.is_known() || subject.service.slos.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::new(
            &subject.service.name,
            match subject.manifest {
                Some(_) => Place::Service,
                None => Place::first_of(&subject.service.slos[0].sources),
            },
            "what is this service, and what does it offer? Nothing says so",
        )
        .help("answer in `slo.toml`, in a sentence: `description = \"…\"`"),
    ]
}
