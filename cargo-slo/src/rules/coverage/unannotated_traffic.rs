//! Part of the traffic uses routes without an annotation.
//!
//! What is not annotated has no SLO: its failures are in no budget, and no alert tells of them. The
//! layer counts such requests all the same, as `slo.unannotated`, with what they came to, so how many
//! requests and how many failures nobody promised anything about is a number. Often it is a handler
//! that was added later, and `#[slo]` above it is all that is missing. The route with the most
//! failures comes first; one with less than a hundredth of the requests, and of the failures, is
//! left out.
//!
//! Three things look like such a route and are none. Requests that nobody served (`_unmatched`) are
//! those of strangers that try addresses. Preflights of browsers (`OPTIONS`) are nobody's, so a route
//! that is annotated for other methods is found only where requests to it were answered or failed, not
//! where they were refused. And a handler that failed from its first request on may be annotated,
//! without a `route`: see the rule `no-route`.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`. What no user waits for, such as
//! health checks, metrics and the pages of an administrator, is listed under `ignore` in `[coverage]`
//! with its reason, and counts nowhere. Accept a finding with an exception for a while only.

use crate::{
    diagnostics::{Level, nearest},
    fleet::{Place, Subject, coverage::answers_requests, measured::until, uncovered::Route},
    input::history::{Counted, History, OTHER},
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted as number, grouped, whole_share},
};
use slo_model::{Decimal, record::EndpointRecord};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unannotated-traffic",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("unannotated_traffic.rs"),
};

/// One in so many requests, or failures, is enough to speak of.
const PART: u64 = 100;

/// Fewer failures than these are chance.
const FEW_FAILURES: u64 = 10;

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    let Some(traffic) = subject.uncovered() else {
        return Vec::new();
    };
    let covered: u64 = counted.results.iter().map(|ended| ended.count).sum();
    let all = covered + traffic.valid();
    let failures = failures(counted) + traffic.failed().unwrap_or(0);
    let is_large = |route: &&Route<'_>| {
        let failed = route.failed.unwrap_or(0);
        route.valid.saturating_mul(PART) >= all
            || (failed >= FEW_FAILURES && failed.saturating_mul(PART) >= failures)
    };
    let days = number(history.days(&subject.service.name).into(), "day");
    let large = traffic.routes.iter().filter(is_large);
    large
        .map(|route| {
            let note = format!(
                "{} of {} in {days}",
                grouped(route.valid),
                number(all, "request")
            );
            let finding = Finding::new(
                route.name.unwrap_or(OTHER),
                Place::Service,
                message(route, all),
            )
            .note(note);
            ways_out(
                finding.notes(annotated(route)).note(until(history)),
                route,
                subject,
            )
        })
        .collect()
}

/// Failures of what is annotated.
fn failures(counted: &Counted) -> u64 {
    let events = counted.events.iter();
    let of_answers = events.filter(|events| events.sli == slo_model::AVAILABILITY);
    of_answers.flat_map(|events| &events.bad).sum()
}

fn message(route: &Route<'_>, all: u64) -> String {
    let share = match route.valid.saturating_mul(PART) < all {
        true => "less than 1%".to_owned(),
        false => whole_share(Decimal::new(route.valid.into(), all.max(1).into())),
    };
    let to = match (route.name, &route.annotated[..]) {
        (None, _) => "to more routes than are told apart, which no annotation covers".to_owned(),
        (Some(name), []) => format!("to `{name}`, which no annotation covers"),
        (Some(name), _) => format!("to `{name}` and belong to none of its annotations"),
    };
    let failed = match route.failed {
        Some(failed) if failed > 0 => {
            let least = if route.is_least { "at least " } else { "" };
            format!("; {least}{} of them failed", grouped(failed))
        }
        _ => String::new(),
    };
    format!("{share} of the requests are {to}{failed}")
}

/// What is annotated on the same path.
fn annotated(route: &Route<'_>) -> Option<String> {
    let annotated = route.annotated.iter().map(|record| {
        let declared = record.route.as_deref().unwrap_or_default();
        format!("`{declared}` (`{}`)", record.name)
    });
    let annotated: Vec<_> = annotated.collect();
    (!annotated.is_empty()).then(|| format!("annotated there: {}", annotated.join(", ")))
}

fn ways_out(finding: Finding, route: &Route<'_>, subject: &Subject<'_>) -> Finding {
    let finding = match (route.name, &route.annotated[..]) {
        (None, _) => finding.help("annotate the handlers, or give a whole router a journey"),
        (Some(_), []) => finding.help("annotate its handler with `#[slo(journey = …)]`"),
        (Some(_), _) => finding
            .help("annotate the handlers of its other methods with `#[slo(journey = …)]`")
            .help(
                "or see whether several routers serve it, of which not every handler is annotated",
            ),
    };
    let may_be_annotated = subject
        .service
        .endpoints
        .iter()
        .any(|record| answers_requests(record) && record.route.is_none());
    let finding = match route.name {
        Some(name) if route.only_failed && may_be_annotated => finding.help(format!(
            "or, if its handler is annotated, name the route there, `route = \"METHOD {name}\"`: \
             it failed from its first request on, so nobody knows whose the route is"
        )),
        _ => finding,
    };
    let finding = match route.name.and_then(|name| misspelt(name, subject)) {
        Some(record) if route.annotated.is_empty() => finding.help(format!(
            "or correct the route of `{}`, if that serves it: it says `{}`",
            record.name,
            record.route.as_deref().unwrap_or_default()
        )),
        _ => finding,
    };
    finding.help("or list it under `ignore` in `[coverage]`, if no user waits for it")
}

/// The endpoint whose declared route is nearly the one that was asked for.
fn misspelt<'a>(route: &str, subject: &Subject<'a>) -> Option<&'a EndpointRecord> {
    /// Among more, the nearest is a guess that takes long.
    const MAX_ENDPOINTS: usize = 200;
    let path = |record: &'a EndpointRecord| {
        let route = record.route.as_deref()?;
        let path = route.split_once(' ').map_or(route, |(_, path)| path);
        (path.len() <= MAX_ENDPOINTS).then_some(path)
    };
    let endpoints = || subject.service.endpoints.iter().take(MAX_ENDPOINTS);
    let meant = nearest(route, endpoints().filter_map(path))?;
    endpoints().find(|record| path(record) == Some(meant))
}
