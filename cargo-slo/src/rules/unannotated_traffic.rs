//! A part of the traffic runs on a route that no annotation covers.
//!
//! What is not annotated has no SLO: its failures are in no budget, and no alert tells of them. The
//! layer counts such requests all the same, as `slo.unannotated`, so how much of the traffic is
//! covered is a number. Often it is a handler that was added later, and `#[slo]` above it is all that
//! is missing. Routes with less than a hundredth of the requests are left out.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`. What no user waits for, such as
//! health checks, metrics and the pages of an administrator, is listed under `ignore` in `[coverage]`
//! with its reason, and counts nowhere. Accept a finding with an exception for a while only.

use super::{
    Finding, Place, Rule, Subject,
    counted::until,
    coverage::within,
    rule::Check,
    words::{counted as number, grouped, whole_share},
};
use crate::{
    diagnostics::Level,
    input::{
        api::RoutePattern,
        history::{Counted, History},
    },
};
use slo_model::Decimal;

pub(super) const RULE: Rule = Rule {
    name: "unannotated-traffic",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("unannotated_traffic.rs"),
};

/// Requests that no route of the service matched: mostly strangers that try addresses.
const UNMATCHED: &str = "_unmatched";

/// One in so many requests is enough to speak of.
const PART: u64 = 100;

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    let said = subject.facts().and_then(|facts| facts.coverage.as_ref());
    let ignore = said.map_or(&[][..], |said| &said.ignore);
    let prefix = said.and_then(|said| said.prefix.as_ref());
    let is_ignored = |route: &str| {
        // A procedure may stand without the `/` that begins its route.
        let pattern =
            RoutePattern::parse(route).or_else(|| RoutePattern::parse(&format!("/{route}")));
        pattern.is_some_and(|mut pattern| {
            ignore.iter().any(|one| {
                let ignored = &one.route.get_ref().pattern;
                // The requests of a route are counted together, whatever their method.
                pattern.method.clone_from(&ignored.method);
                let inner = prefix.and_then(|prefix| ignored.without(&prefix.pattern));
                within(&pattern, ignored) || inner.is_some_and(|inner| within(&pattern, &inner))
            })
        })
    };
    let routes: Vec<_> = counted
        .unannotated
        .iter()
        .filter(|uncovered| uncovered.route != UNMATCHED && !is_ignored(&uncovered.route))
        .collect();
    let covered: u64 = counted.results.iter().map(|ended| ended.count).sum();
    let uncovered: u64 = routes.iter().map(|uncovered| uncovered.count).sum();
    let all = covered + uncovered;
    let large = routes
        .iter()
        .filter(|uncovered| uncovered.count.saturating_mul(PART) >= all);
    large
        .map(|uncovered| {
            let (route, count) = (&uncovered.route, uncovered.count);
            Finding::new(
                route,
                Place::Service,
                format!(
                    "{} of the requests are to `{route}`, which no annotation covers",
                    whole_share(Decimal::new(count.into(), all.max(1).into()))
                ),
            )
            .note(format!(
                "{} of {} in {}",
                grouped(count),
                number(all, "request"),
                number(history.days(&subject.service.name).into(), "day")
            ))
            .note(until(history))
            .help("annotate its handler with `#[slo(journey = …)]`")
            .help("or list it under `ignore` in `[coverage]`, if no user waits for it")
        })
        .collect()
}
