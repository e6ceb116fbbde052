//! The latency target is higher than that of a dependency on the request's path.
//!
//! Whoever promises that 99% of the requests are answered within 500 ms, and waits in each of them for
//! a service that promises 95% within 200 ms, has no word on the other 5%: they may take a minute, and
//! that service keeps its objective. The share in time can't be larger than that of any hard
//! dependency, just as with availability.
//!
//! Agree on a second latency objective with the owner of the dependency, for the slow end: several may
//! stand side by side, such as 95% within 200 ms and 99.5% within 400 ms. Or promise a smaller share,
//! or stop waiting: a timeout and a fallback make the dependency soft. Objectives of the dependency
//! whose threshold is above the one here don't count, and where none is left, the finding is one of
//! `threshold-below-dependency`.
//!
//! An exception is right where only a few of the requests wait for the dependency, fewer than the
//! late ones that are allowed: it says how many, and how that is known.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::called},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "latency-above-dependency",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("latency_above_dependency.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(threshold) = slo.sli.threshold() else {
            continue;
        };
        for call in called(fleet, subject, slo) {
            let in_time = call.promises.iter().filter_map(|promise| {
                let theirs = promise.threshold.filter(|theirs| *theirs <= threshold)?;
                Some((promise, theirs))
            });
            let Some((best, theirs)) = in_time.max_by_key(|(promise, _)| promise.target) else {
                continue;
            };
            if best.target >= slo.target {
                continue;
            }
            let name = slo.identity.name_in_service();
            found.push(
                Finding::new(
                    &name,
                    Place::first_of(&slo.sources),
                    format!(
                        "`{name}` promises {} in time, but waits for `{}`, which promises {}",
                        slo.target,
                        best.name(),
                        best.target
                    ),
                )
                .note(format!(
                    "within {theirs:?}; how long the others take there is not promised"
                ))
                .note(call.owned_by())
                .help(format!(
                    "agree on a second objective with {}: {} within less than {threshold:?}",
                    call.owner(),
                    slo.target
                ))
                .promise(
                    fleet,
                    subject,
                    slo,
                    best.target,
                    format!("promise at most {}", best.target),
                )
                .help("or make the dependency soft: a timeout and a fallback"),
            );
        }
    }
    found
}
