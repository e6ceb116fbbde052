//! A latency threshold is not a bucket boundary of the deployed histogram.
//!
//! Good and bad events are counted exactly, whatever the histogram looks like. But everything that
//! is read from `slo.duration`, such as the share of events below the threshold in a dashboard, or
//! the threshold that would be kept, has only its boundaries to go by: in between, it is made up. The
//! SDK makes the threshold of each endpoint a boundary when the process starts, so a threshold that
//! is none is new and not deployed yet, or a rule of a Collector made fewer of them.
//!
//! A threshold that is to be changed can be judged before it is, where it is a boundary: choose one
//! of those, or deploy the new threshold beside the old one, as a second objective with a name and a
//! loose target, and look at it after a window.
//!
//! The rule needs a history with durations, `--history FILE` or `--prometheus URL`. Nothing is wrong
//! where the build that is checked is about to be deployed: accept it, or look again afterwards.

use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Place, Subject, measured::until},
    input::history::{Counted, History, Lasted},
    rules::{Finding, Rule, rule::Check},
};
use std::time::Duration;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "threshold-off-boundary",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("threshold_off_boundary.rs"),
};

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let off: Vec<_> = counted
            .durations
            .iter()
            .filter_map(|lasted| off_boundary(subject, slo, lasted))
            .collect();
        let Some((threshold, lasted)) = off.first() else {
            continue;
        };
        let name = slo.identity.name_in_service();
        let endpoints: Vec<_> = off
            .iter()
            .map(|(_, l)| format!("`{}`", l.endpoint))
            .collect();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!("the threshold {threshold:?} of `{name}` is not a boundary of its histogram"),
        )
        .note(format!("so it is for {}", endpoints.join(", ")))
        .note(nearest(*threshold, lasted))
        .note(until(history))
        .help("deploy the build that declares it: the SDK makes each threshold a boundary");
        found
            .push(finding.help(
                "or look for a view, or a rule of the Collector, that sets other boundaries",
            ));
    }
    found
}

/// The threshold of an endpoint for an SLO, where it is not a boundary.
fn off_boundary<'h>(
    subject: &Subject<'_>,
    slo: &Slo,
    lasted: &'h Lasted,
) -> Option<(Duration, &'h Lasted)> {
    let record = subject
        .service
        .endpoints
        .iter()
        .find(|record| record.name == lasted.endpoint)?;
    let is_of = match &slo.identity.endpoint {
        Some(endpoint) => *endpoint == record.name,
        None => record.journey.name == slo.identity.journey,
    };
    let threshold = subject.threshold(slo, &record.name).filter(|_| is_of)?;
    // The endpoint's own SLO speaks of its own threshold.
    let is_own = slo.identity.endpoint.is_some() || slo.sli.threshold() == Some(threshold);
    let is_boundary = lasted
        .buckets
        .iter()
        .any(|(boundary, _)| u128::from(*boundary) == threshold.as_nanos());
    (is_own && !is_boundary && !lasted.buckets.is_empty()).then_some((threshold, lasted))
}

fn nearest(threshold: Duration, lasted: &Lasted) -> String {
    let all = || lasted.buckets.iter().map(|(b, _)| Duration::from_nanos(*b));
    let below = all().filter(|boundary| *boundary < threshold).max();
    let above = all().filter(|boundary| *boundary > threshold).min();
    let shown = |boundary: Option<Duration>, none: &str| {
        boundary.map_or_else(|| none.to_owned(), |boundary| format!("{boundary:?}"))
    };
    format!(
        "the nearest boundaries are {} and {}",
        shown(below, "none below"),
        shown(above, "none above")
    )
}
