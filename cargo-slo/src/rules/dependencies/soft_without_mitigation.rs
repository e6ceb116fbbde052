//! A soft dependency lacks a mitigation or a reason.
//!
//! Soft dependencies are left out of every check, so the word needs evidence. `mitigation` says what
//! the service does while the dependency fails, `reason` why its users are still served well:
//!
//! ```toml
//! [[dependency]]
//! service = "recommendations"
//! kind = "soft"
//! mitigation = "the page shows the best sellers of the last hour"
//! reason = "tried in every release by switching the service off"
//! ```
//!
//! There is no reason for an exception: an honest `mitigation` is shorter. Where nothing happens
//! instead, the dependency is hard.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    input::manifest::Kind,
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "soft-without-mitigation",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("soft_without_mitigation.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for dependency in subject.facts().iter().flat_map(|facts| &facts.dependency) {
        if *dependency.kind.get_ref() == Kind::Hard {
            continue;
        }
        let is_said =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let missing = match (is_said(&dependency.mitigation), is_said(&dependency.reason)) {
            (true, true) => continue,
            (false, true) => "what happens instead",
            (true, false) => "why that is good enough",
            (false, false) => "what happens instead and why that is good enough",
        };
        let name = dependency.service.get_ref();
        found.push(
            Finding::new(
                name,
                Place::Manifest(dependency.kind.span()),
                format!("the dependency on `{name}` is soft, but it is not said {missing}"),
            )
            .help("say it with `mitigation` and `reason`, or call it hard"),
        );
    }
    found
}
