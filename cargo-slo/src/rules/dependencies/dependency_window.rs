//! A dependency's target is for a longer window, so it may spend its whole budget within this one.
//!
//! 99.9% over 30 days are 43 minutes, and they may all come at once. Within the seven days of
//! another service they are 0.43%, which is more than that service allows itself at 99.9%. Two equal
//! targets are only equal over equal windows.
//!
//! Use the same window on both sides, the longer one, or a target that holds in the worst case.
//!
//! An exception is right where a contract or an architecture rules out that the whole budget is
//! spent at once.

use crate::{
    definition::Sli,
    diagnostics::Level,
    fleet::{
        Fleet, Place, Subject,
        dependencies::{Promised, called},
    },
    rules::{Finding, Rule, rule::Check},
};
use slo_model::{Decimal, PPB, Target};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "dependency-window",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("dependency_window.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in subject
        .service
        .slos
        .iter()
        .filter(|slo| slo.sli == Sli::Availability)
    {
        let own_days = u64::from(slo.window.length_days());
        let at_once = |theirs: &Promised<'_>| {
            let days = u64::from(theirs.window.length_days());
            (days > own_days).then(|| u64::from(theirs.target.budget_ppb()) * days / own_days)
        };
        let calls = called(fleet, subject, slo);
        let promises = calls.iter().filter_map(|call| call.availability());
        // What is promised has to be kept by all of them.
        let most = promises.filter_map(at_once).max().unwrap_or(0);
        for call in &calls {
            let Some(theirs) = call.availability() else {
                continue;
            };
            let their_days = u64::from(theirs.window.length_days());
            let worst = u64::from(theirs.target.budget_ppb()) * their_days / own_days;
            // A target that is too low over any window is another rule's finding.
            if their_days <= own_days
                || theirs.target < slo.target
                || worst <= slo.target.budget_ppb().into()
            {
                continue;
            }
            let name = slo.identity.name_in_service();
            let finding = Finding::new(
                &name,
                Place::first_of(&slo.sources),
                format!(
                    "`{name}` counts over {}, but `{}`, which it depends on, over {}",
                    slo.window,
                    theirs.name(),
                    theirs.window
                ),
            )
            .note(match worst <= u64::from(PPB) {
                true => format!(
                    "spent at once, its budget is {} of {}",
                    crate::text::numbers::share(Decimal::new(worst.into(), PPB.into())),
                    slo.window
                ),
                false => format!("spent at once, its budget lasts longer than {}", slo.window),
            })
            .help(format!("count over {} too", theirs.window));
            let kept = u32::try_from(u64::from(PPB).saturating_sub(most)).ok();
            found.push(match kept.and_then(Target::try_from_ppb) {
                Some(kept) => {
                    let words = format!("promise at most {kept}");
                    finding.promise(fleet, subject, slo, kept, words)
                }
                None => finding,
            });
        }
    }
    found
}
