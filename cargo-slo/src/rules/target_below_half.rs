//! A target below 50 % lets more events fail than it wants to be good.
//!
//! Hardly anybody means that. A share may have been written as a percentage, the budget instead of
//! the target (1 % where 99 % was meant), or the target of another unit. No burn-rate alert can fire for
//! it either: even a full outage burns the budget less than twice as fast as it may be spent.
//!
//! A latency objective that tells what the fastest requests feel, such as 10 % within 5 ms, is the
//! one good reason: accept it with an exception that says so.

use super::{Finding, Fleet, Place, Rule, Subject, fleet::slo_name, rule::Check};
use crate::diagnostics::Level;
use slo_model::Target;

pub(super) const RULE: Rule = Rule {
    name: "target-below-half",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("target_below_half.rs"),
};

/// The least target that is not asked about.
pub(super) const HALF: Target = Target::percent(50.0);

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let low = subject.service.slos.iter().filter(|slo| slo.target < HALF);
    low.map(|slo| {
        Finding::new(
            slo_name(slo),
            Place::first_of(&slo.sources),
            format!(
                "a target of {} lets more events fail than it wants to be good",
                slo.target
            ),
        )
        .help("write the share of events that must be good, in percent: `99.9%`")
        .help("or give the reason in an exception, if the fastest few are what it is about")
    })
    .collect()
}
