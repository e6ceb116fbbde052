//! A latency threshold is lower than that of a dependency that every such request waits for.
//!
//! Whoever promises an answer within 300 ms and waits for a service that promises one within 500 ms
//! promises something in another team's name. That service may keep all its objectives while every
//! request here is late. The threshold must be at least that of each hard dependency, plus what the
//! service needs for itself, and those of calls that are made one after the other add up.
//!
//! Loosen the threshold, ask the owner of the dependency for a tighter one, or stop waiting for it:
//! with a cache, a timeout and a fallback, the dependency is soft, which `slo.toml` says with `kind =
//! "soft"`, its mitigation and the reason why that is good enough.
//!
//! An exception is right where only a few of the requests wait for the dependency, fewer than the
//! late ones that are allowed: it says how many, and how that is known.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::called},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "threshold-below-dependency",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("threshold_below_dependency.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(threshold) = slo.sli.threshold() else {
            continue;
        };
        for call in called(fleet, subject, slo) {
            let latencies: Vec<_> = call
                .promises
                .iter()
                .filter_map(|p| Some((p, p.threshold?)))
                .collect();
            let Some((slowest, theirs)) = latencies.iter().min_by_key(|(_, theirs)| *theirs) else {
                continue;
            };
            if *theirs <= threshold {
                continue;
            }
            let name = slo.identity.name_in_service();
            found.push(
                Finding::new(
                    &name,
                    Place::first_of(&slo.sources),
                    format!(
                        "`{name}` promises {threshold:?}, but waits for `{}`, which promises {theirs:?}",
                        slowest.name()
                    ),
                )
                .note(call.owned_by())
                .help(format!("loosen the threshold to more than {theirs:?}"))
                .help(format!("or agree on a tighter one with {}", call.owner()))
                .help("or make the dependency soft: a timeout and a fallback"),
            );
        }
    }
    found
}
