//! The target is below 50 %: more events may fail than must succeed.
//!
//! Hardly anybody means that. A share may have been written as a percentage, the budget instead of
//! the target (1 % where 99 % was meant), or the target of another unit. No burn-rate alert can fire for
//! it either: even a full outage burns the budget less than twice as fast as it may be spent.
//!
//! A latency objective that tells what the fastest requests feel, such as 10 % within 5 ms, is the
//! one good reason: accept it with an exception that says so.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};
use slo_model::{PPB, Target};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "target-below-half",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("target_below_half.rs"),
};

/// The least target that is not asked about.
pub(in crate::rules) const HALF: Target = Target::from_percent(50.0);

/// The least target that is offered.
const LEAST_OFFERED: Target = Target::from_percent(90.0);

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let low = subject.service.slos.iter().filter(|slo| slo.target < HALF);
    low.map(|slo| {
        let finding = Finding::new(
            slo.identity.name_in_service(),
            Place::first_of(&slo.sources),
            format!(
                "a target of {} lets more events fail than it wants to be good",
                slo.target
            ),
        );
        let finding = match meant(slo.target) {
            Some(meant) => {
                let words =
                    format!("did you mean {meant}? A target is the percentage that must be good");
                finding.promise(fleet, subject, slo, meant, words)
            }
            None => finding.help("write the percentage of events that must be good: `99.9%`"),
        };
        finding.help("or give the reason in an exception, if the fastest few are what it is about")
    })
    .collect()
}

/// What was probably meant: a share that was written as a percentage, or the budget in place of the
/// target.
fn meant(target: Target) -> Option<Target> {
    let as_share = target.ppb().saturating_mul(100);
    let as_budget = PPB - target.ppb();
    let candidates = [as_share, as_budget].into_iter();
    let mut targets = candidates.filter_map(Target::try_from_ppb);
    targets.find(|meant| *meant >= LEAST_OFFERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_a_share_or_the_rest_of_a_budget() {
        for (written, expected) in [
            (9_990_000, Some("99.9%")),
            (9_000_000, Some("90%")),
            (5_000_000, Some("99.5%")),
            (1_000_000, Some("99.9%")),
            (10_000_000, Some("99%")),
            (50_000_000, Some("95%")),
            (200_000_000, None),
            (490_000_000, None),
        ] {
            let found = meant(Target::from_ppb(written)).map(|target| target.to_string());
            assert_eq!(found.as_deref(), expected, "{written}");
        }
    }
}
