//! An outage of less than five minutes spends the whole error budget, before a page is answered.
//!
//! At even traffic a target allows an outage of `window × (1 − target)`: 43 minutes a month at
//! 99.9%, 4.3 minutes at 99.99%. A page has to be sent, read, understood and acted upon; where all
//! of the budget is gone before that, people can't keep the target, only machines can: redundancy,
//! automatic failover, deployments that stop by themselves. If those exist, accept the finding with
//! an exception that names them; if not, the target is a wish.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
    text::numbers::minutes,
};
use slo_model::{PPB, Target, budget};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "outage-too-short",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("outage_too_short.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let outage = budget::outage_minutes(slo.target, slo.window);
        if !outage.is_below(5) {
            continue;
        }
        let name = slo.identity.name_in_service();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "`{name}` at {} allows {} of outage in {}: no person reacts that fast",
                slo.target,
                minutes(outage),
                slo.window
            ),
        );
        let words = "lower the target by one nine, which allows ten times as much";
        let looser = PPB.checked_sub(slo.target.budget_ppb().saturating_mul(10));
        let looser = looser.and_then(Target::try_from_ppb);
        let finding = match looser
            .filter(|looser| !budget::outage_minutes(*looser, slo.window).is_below(5))
        {
            Some(looser) => finding.promise(fleet, subject, slo, looser, words),
            None => finding.help(words),
        };
        found.push(finding.help("or say in an exception which failover keeps it without a person"));
    }
    found
}
