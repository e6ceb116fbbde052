//! A part of the traffic runs on a route that no annotation covers.
//!
//! What is not annotated has no SLO: its failures are in no budget, and no alert tells of them. The
//! layer counts such requests all the same, as `slo.unannotated`, so how much of the traffic is
//! covered is a number. Often it is a handler that was added later, and `#[slo]` above it is all that
//! is missing. Routes with less than a hundredth of the requests are left out.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`. Accept it with an exception for
//! what no user waits for: health checks, metrics, the pages of an administrator.

use super::{
    Finding, Place, Rule, Subject,
    counted::until,
    rule::Check,
    words::{counted as number, share},
};
use crate::{
    diagnostics::Level,
    input::history::{Counted, History},
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
    let routes = || {
        let all = counted.unannotated.iter();
        all.filter(|uncovered| uncovered.route != UNMATCHED)
    };
    let covered: u64 = counted.results.iter().map(|ended| ended.count).sum();
    let uncovered: u64 = routes().map(|uncovered| uncovered.count).sum();
    let all = covered + uncovered;
    let large = routes().filter(|uncovered| uncovered.count.saturating_mul(PART) >= all);
    large
        .map(|uncovered| {
            let (route, count) = (&uncovered.route, uncovered.count);
            Finding::new(
                route,
                Place::Service,
                format!(
                    "{} of the requests are to `{route}`, which no annotation covers",
                    share(Decimal::new(count.into(), all.max(1).into()))
                ),
            )
            .note(format!(
                "{} in {} days, of {} in all",
                number(count, "request"),
                history.days(&subject.service.name),
                number(all, "request")
            ))
            .note(until(history))
            .help("annotate its handler with `#[slo(journey = …)]`")
            .help("or accept it with an exception, if no user waits for it")
        })
        .collect()
}
