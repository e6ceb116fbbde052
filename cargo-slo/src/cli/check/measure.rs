//! How much of each service its annotations cover: of the endpoints that files list, and of the
//! requests that a history counts.

use crate::{
    fleet::{Fleet, coverage::Coverage, uncovered::Traffic},
    text::{numbers::counted, visible},
};
use std::io::{self, Write};

/// So many services are named whose routes are compared with nothing.
const NAMED: usize = 5;

/// A line for each thing that is known of a service, and one for those whose routes are compared
/// with nothing: a misspelt one would not be seen.
pub(super) fn tell(err: &mut dyn Write, fleet: &Fleet<'_>) -> io::Result<()> {
    let mut uncompared = Vec::new();
    for subject in &fleet.subjects {
        let name = visible(&subject.service.name);
        let coverage = Coverage::new(fleet, subject);
        let traffic = subject.uncovered();
        if let Some(coverage) = &coverage {
            writeln!(err, "{name}: {}", of_endpoints(coverage))?;
        }
        let asked = |traffic: &&Traffic<'_>| traffic.valid() > 0 || traffic.unmatched > 0;
        if let Some(traffic) = traffic.as_ref().filter(asked) {
            writeln!(err, "{name}: {}", of_requests(traffic))?;
        }
        let mut endpoints = subject.service.endpoints.iter();
        let is_declared = endpoints.any(|record| record.route.is_some());
        if is_declared && coverage.is_none() && traffic.is_none() {
            uncompared.push(format!("`{name}`"));
        }
    }
    tell_uncompared(err, uncompared)
}

fn of_endpoints(coverage: &Coverage<'_>) -> String {
    let mut text = coverage.share();
    if !coverage.without_route.is_empty() && coverage.missing.is_empty() {
        let count = u64::try_from(coverage.without_route.len()).unwrap_or(u64::MAX);
        text += &format!("; {} without a route", counted(count, "annotation"));
    }
    if coverage.incomparable > 0 {
        let count = counted(coverage.incomparable.into(), "route");
        text += &format!("; {count} of the gateway can't be compared");
    }
    text
}

fn of_requests(traffic: &Traffic<'_>) -> String {
    let unmatched = counted(traffic.unmatched, "request");
    if traffic.valid() == 0 {
        return format!("nobody served {unmatched}");
    }
    let mut text = format!(
        "{} on routes without an annotation",
        counted(traffic.valid(), "request")
    );
    if let Some(failed) = traffic.failed() {
        let least = if traffic.is_least() { "at least " } else { "" };
        text += &format!(", {least}{}", counted(failed, "failure"));
    }
    if traffic.unmatched > 0 {
        text += &format!("; nobody served {unmatched} more");
    }
    text
}

fn tell_uncompared(err: &mut dyn Write, mut services: Vec<String>) -> io::Result<()> {
    if services.is_empty() {
        return Ok(());
    }
    let more = services.len().saturating_sub(NAMED);
    services.truncate(NAMED);
    if more > 0 {
        services.push(format!("{more} more"));
    }
    writeln!(
        err,
        "the routes of {} are compared with nothing: a misspelt one is seen with `[coverage]` in \
         `slo.toml`, or with a history",
        services.join(", ")
    )
}
