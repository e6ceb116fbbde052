//! Services depend on each other in a cycle.
//!
//! Each of them needs the others to answer, so when one fails all fail, and after a full stop none
//! can start first. Targets can't be reasoned about either: each would have to be looser than itself.
//!
//! Find the call that can be answered without the others, by a cache, a queue, a default or by moving
//! what is asked for, and make that dependency soft.
//!
//! The circle is reported once, at the service whose name comes first.
//!
//! An exception is right where the circle is one on paper only: two journeys of which no request
//! goes all the way round. It is better then to say with `journey` and `used-by` which calls which.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::cycle},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "dependency-cycle",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("dependency_cycle.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (dependency, path) in cycle(fleet, subject) {
        let first = &subject.service.name;
        found.push(
            Finding::new(
                dependency.service.get_ref(),
                Place::Manifest(dependency.service.span()),
                format!("it depends on itself: {first} → {}", path.join(" → ")),
            )
            .help("make one of these calls soft: answer without it while it fails"),
        );
    }
    found
}
