//! A hard dependency has no availability target, so the target here rests on nothing.
//!
//! Its requests fail when the dependency fails, and nobody has said how often that may be. Ask its
//! owner for an SLO; what it has been in the past is a good first value. Until then, an exception
//! with a reason says that the risk is known.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::direct},
    input::manifest::Kind,
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "dependency-without-slo",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("dependency_without_slo.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (dependency, call) in direct(fleet, subject) {
        let is_hard = *dependency.kind.get_ref() == Kind::Hard;
        if is_hard && call.availability().is_none() {
            let name = dependency.service.get_ref();
            found.push(
                Finding::new(
                    name,
                    Place::Manifest(dependency.service.span()),
                    format!("it depends on `{name}`, which promises no availability"),
                )
                .help(format!("ask {} for an SLO", call.owner())),
            );
        }
    }
    found
}
