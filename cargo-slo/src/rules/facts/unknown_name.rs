//! `slo.toml` names a journey, an endpoint or an SLO that the service does not have.
//!
//! A fact about nothing is a fact about something else that is now missing: traffic that no rule
//! uses, an approval of no target. It happens when an endpoint or a journey is renamed in the code.
//! Names are those that `cargo slo list` shows: `journey`, `journey/endpoint`, and with an SLI
//! `journey.availability` or `journey/endpoint.latency`.
//!
//! Correct the name, or take the fact out. An exception would keep a fact about nothing.

use crate::{
    diagnostics::{Level, nearest},
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};
use std::{collections::BTreeSet, ops::Range};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unknown-name",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("unknown_name.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let parts: BTreeSet<String> = subject.parts().collect();
    let slos: BTreeSet<String> = subject
        .service
        .slos
        .iter()
        .map(|slo| slo.identity.name_in_service())
        .collect();
    let mut found = Vec::new();
    let mut of_parts = |name: &str, span: Range<usize>| {
        if !parts.contains(name) {
            found.push(told(subject, name, span, "journey or endpoint", &parts));
        }
    };
    let with_parts = facts.traffic.keys().chain(facts.detect.keys());
    for name in with_parts.chain(facts.value.keys()) {
        of_parts(name.get_ref(), name.span());
    }
    for name in facts
        .dependency
        .iter()
        .flat_map(|dependency| &dependency.used_by)
    {
        of_parts(name.get_ref(), name.span());
    }
    for (name, journey) in &facts.journey {
        let journeys = || {
            subject
                .service
                .journeys
                .iter()
                .map(|journey| &journey.record.name)
        };
        if journeys().all(|journey| journey != name.get_ref()) {
            let known = journeys().cloned().collect();
            found.push(told(
                subject,
                name.get_ref(),
                name.span(),
                "journey",
                &known,
            ));
            continue;
        }
        let slos = subject.service.slos.iter();
        let slis = slos.filter(|slo| slo.identity.journey == *name.get_ref());
        let slis = slis.map(|slo| slo.identity.sli.clone()).collect();
        for sli in journey.reasons.keys() {
            if !BTreeSet::contains(&slis, sli.get_ref()) {
                found.push(told(subject, sli.get_ref(), sli.span(), "SLI", &slis));
            }
        }
    }
    let of_reviews = facts.review.iter().map(|review| &review.slo);
    for name in facts.slo.keys().chain(of_reviews) {
        if !slos.contains(name.get_ref()) {
            found.push(told(subject, name.get_ref(), name.span(), "SLO", &slos));
        }
    }
    let of_corrections = facts.correction.iter().filter_map(|it| it.on.as_ref());
    let either = parts.union(&slos).cloned().collect();
    for name in of_corrections {
        if !BTreeSet::contains(&either, name.get_ref()) {
            let what = "journey, endpoint or SLO";
            found.push(told(subject, name.get_ref(), name.span(), what, &either));
        }
    }
    found
}

fn told(
    subject: &Subject<'_>,
    name: &str,
    span: Range<usize>,
    what: &str,
    known: &BTreeSet<String>,
) -> Finding {
    let finding = Finding::new(
        name,
        Place::Manifest(span.clone()),
        format!("there is no {what} called `{name}`"),
    );
    match nearest(name, known.iter().map(String::as_str)) {
        Some(meant) => finding.meant(subject, span, meant),
        None => finding.help("`cargo slo list` shows the names there are"),
    }
}
