//! A journey has no availability target, so it may fail entirely and still meet its objectives.
//!
//! Latency is measured on the requests that succeed: those that fail are not late, they are not
//! counted. A journey with a latency objective alone is perfect while everything fails fast. Give the
//! journey, or each of its endpoints, an availability objective beside it.
//!
//! An exception is right where another system measures whether the journey works, and somebody is
//! told when it does not: a probe, or the gateway in front of it.

use crate::{
    definition::Sli,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "journey-without-availability",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("journey_without_availability.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for journey in &subject.service.journeys {
        let name = &journey.record.name;
        let covers = |endpoint: Option<&str>| {
            subject.service.slos.iter().any(|slo| {
                slo.identity.journey == *name
                    && slo.sli == Sli::Availability
                    && slo.identity.endpoint.as_deref() == endpoint
            })
        };
        if covers(None) {
            continue;
        }
        let Some(first) = subject
            .service
            .endpoints_of(name)
            .find(|e| !covers(Some(&e.name)))
        else {
            continue;
        };
        found.push(
            Finding::new(
                name,
                Place::Source(first.source.clone()),
                format!(
                    "the journey `{name}` promises no availability: all of `{}` may fail",
                    first.name
                ),
            )
            .help("add one to the objectives of the journey: `.availability(99.9)`"),
        );
    }
    found
}
