//! The error budgets of the hard dependencies add up to more than the service's own.
//!
//! Each dependency may spend its own budget, and nothing says that they spend it at the same time:
//! in the worst case the failures add up. Five dependencies of 99.9% leave 99.5%. The target may
//! still be kept, when they fail together or are better than they promise, but nothing in the
//! promises makes sure of it. A good habit is that dependencies are one nine better, so that five of
//! them take half of the budget.
//!
//! Every service that can be reached through hard dependencies counts once, however often and on how
//! many ways it is called.
//!
//! Lower the target, agree on better promises with the owners, or make some of the dependencies
//! soft. An exception may name the history that shows them far better than they promise, or the
//! reason why they only fail together, such as a database that all of them share.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, dependencies::hard},
    rules::{Finding, Rule, rule::Check},
    text::numbers::share,
};
use slo_model::{Decimal, PPB, Target};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "budget-below-dependencies",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("budget_below_dependencies.rs"),
};

/// Promises that are listed; the nearest are the ones that a team can talk about.
const LISTED: usize = 8;

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (slo, all) in hard(fleet, subject) {
        let promised: Vec<_> = all.iter().filter_map(|call| call.availability()).collect();
        let sum: u64 = promised
            .iter()
            .map(|p| u64::from(p.target.budget_ppb()))
            .sum();
        // A single one that is too loose is another rule's finding.
        let is_each_enough = promised.iter().all(|promise| promise.target >= slo.target);
        if promised.len() < 2 || !is_each_enough || sum <= slo.target.budget_ppb().into() {
            continue;
        }
        let name = slo.identity.name_in_service();
        let mut listed: Vec<_> = promised
            .iter()
            .take(LISTED)
            .map(|promise| format!("`{}` {}", promise.name(), promise.target))
            .collect();
        if promised.len() > LISTED {
            listed.push(format!("and {} more", promised.len() - LISTED));
        }
        let kept = u32::try_from(u64::from(PPB).saturating_sub(sum)).ok();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "the dependencies of `{name}` may fail {} of the time, its budget is {}",
                share(Decimal::new(sum.into(), PPB.into())),
                share(slo.target.budget())
            ),
        )
        .note(format!("they promise: {}", listed.join(", ")));
        found.push(
            match kept.and_then(Target::try_from_ppb) {
                Some(kept) => {
                    let words = format!("together they make sure of no more than {kept}");
                    finding.promise(fleet, subject, slo, kept, words)
                }
                None => finding,
            }
            .help("lower the target, agree on higher ones, or make some of them soft"),
        );
    }
    found
}
