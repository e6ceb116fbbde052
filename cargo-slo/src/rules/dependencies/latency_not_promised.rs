//! A latency target depends on a service that has none.
//!
//! A dependency that is available may still be slow: it answers everything, in ten seconds, and keeps
//! all it has promised. The latency here then rests on nothing. Promises add up only where they are of
//! the same kind: availability needs the availability of what is called, latency its latency.
//!
//! Ask its owner for a latency objective; what it has been in the past is a good first value. Or stop
//! waiting for it: with a timeout below the threshold and an answer without it, the dependency is soft.
//! Accept the finding with an exception where the call never takes part of the time that is measured,
//! such as one after the response is sent.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::called},
    rules::{Finding, Rule, rule::Check},
};
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "latency-not-promised",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("latency_not_promised.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut waiting: BTreeMap<&str, (Vec<String>, String)> = BTreeMap::new();
    let slos = subject.service.slos.iter();
    for slo in slos.filter(|slo| slo.sli.threshold().is_some()) {
        for call in called(fleet, subject, slo) {
            // What promises nothing at all is another rule's finding.
            let is_silent = call.promises.iter().all(|p| p.threshold.is_none());
            if is_silent && !call.promises.is_empty() {
                let (names, _) = waiting
                    .entry(call.service)
                    .or_insert_with(|| (Vec::new(), call.owner()));
                names.push(format!("`{}`", slo.identity.name_in_service()));
            }
        }
    }
    let dependencies = subject.facts().map_or(&[][..], |facts| &facts.dependency);
    let place = |service: &str| {
        let of = dependencies.iter().find(|d| d.service.get_ref() == service);
        of.map_or(Place::Service, |of| Place::Manifest(of.service.span()))
    };
    waiting
        .into_iter()
        .map(|(service, (mut names, owner))| {
            names.dedup();
            let message = format!(
                "{} waits for `{service}`, which promises availability and no latency",
                names[0]
            );
            let finding = Finding::new(service, place(service), message);
            let finding = match &names[1..] {
                [] => finding,
                others => finding.note(format!("so does {}", others.join(", "))),
            };
            finding
                .help(format!("ask {owner} for a latency objective"))
                .help("or make the dependency soft: a timeout below the threshold, and an answer without it")
        })
        .collect()
}
