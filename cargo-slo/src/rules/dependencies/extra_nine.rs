//! Hard dependencies may use more than half of the error budget: they lack the extra nine.
//!
//! What a service depends on should promise about one nine more than the service itself (Treynor,
//! Dahlin, Rau, Beyer, *The Calculus of Service Availability*, ACM Queue 15(2), 2017). At 99.99% there
//! are 53 minutes of failure in a year; five dependencies of 99.999% may take half of them, and the
//! other half is left for what the service does wrong itself: deployments, overload, mistakes. With
//! dependencies that are no better than the service, every one of its own failures is one too many,
//! and the team answers for a budget that others spend.
//!
//! The finding lists who lacks the nine, and who owns it. Agree on a better promise with them, promise
//! less, or make the dependency soft, with what happens instead. Redundancy helps as well: two that
//! fail independently are two nines better. Where the dependencies keep far more than they promise,
//! an exception may say so; a history is the better proof.
//!
//! Where one of them is looser than the service, or all together may take more than everything,
//! `target-above-dependency` or `budget-below-dependencies` says so, and this rule is silent.

use crate::{
    definition::Sli,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::called},
    rules::{Finding, Rule, rule::Check},
    text::numbers::share,
};
use slo_model::{Decimal, PPB, Target};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "extra-nine",
    level: Level::Note,
    check: Check::Service(check),
    source: include_str!("extra_nine.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let slos = subject.service.slos.iter();
    for slo in slos.filter(|slo| slo.sli == Sli::Availability) {
        // What those depend on themselves is a part of what they promise.
        let all = called(fleet, subject, slo);
        let promised: Vec<_> = all
            .iter()
            .filter_map(|call| Some((call, call.availability()?)))
            .collect();
        let own = u64::from(slo.target.budget_ppb());
        let sum: u64 = promised
            .iter()
            .map(|(_, promise)| u64::from(promise.target.budget_ppb()))
            .sum();
        let is_each_enough = promised.iter().all(|(_, p)| p.target >= slo.target);
        if !is_each_enough || sum > own || sum * 2 <= own {
            continue;
        }
        let name = slo.identity.name_in_service();
        let of_whole = |part: u64, whole: u64| share(Decimal::new(part.into(), whole.into()));
        let mut finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "the dependencies of `{name}` may take {} of its error budget",
                of_whole(sum, own)
            ),
        )
        .note(match own - sum {
            0 => format!(
                "of {}, nothing is left for failures of its own",
                share(slo.target.budget())
            ),
            left => format!(
                "of {}, {} are left for failures of its own",
                share(slo.target.budget()),
                of_whole(left, PPB.into())
            ),
        });
        let nine = Target::try_from_ppb(PPB - slo.target.budget_ppb() / 10);
        for (call, promise) in &promised {
            if nine.is_none_or(|nine| promise.target < nine) {
                finding = finding.note(format!(
                    "`{}` promises {}; {}",
                    promise.name(),
                    promise.target,
                    call.owned_by()
                ));
            }
        }
        let half = PPB.checked_sub(u32::try_from(sum * 2).unwrap_or(u32::MAX));
        finding = match half.and_then(Target::try_from_ppb) {
            Some(half) => {
                let words =
                    format!("promise {half}, of which they take half, or make some of them soft");
                finding.promise(fleet, subject, slo, half, words)
            }
            None => finding,
        };
        found.push(match nine {
            Some(nine) => finding.help(format!("agree with their owners on a nine more: {nine}")),
            None => finding,
        });
    }
    found
}
