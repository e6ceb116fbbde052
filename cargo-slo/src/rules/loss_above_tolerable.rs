//! An error budget that is spent costs more than may be lost.
//!
//! A target is a decision about money: with 12,000 orders a month of 30 EUR each, 99% allow a loss of
//! 3,600 EUR a month. `[value]` in `slo.toml` says what a bad event costs and what may be lost; the
//! loosest target that keeps the loss follows from both. Any tighter one costs more than it saves.
//!
//! The rule needs the expected traffic of the same journey or endpoint.

use super::{
    Finding, Fleet, Place, Rule, Subject,
    fleet::{slo_name, slo_part},
    rule::Check,
};
use crate::{definition::Sli, diagnostics::Level};
use slo_model::{Decimal, PPB, Target};
use toml::Spanned;

pub(super) const RULE: Rule = Rule {
    name: "loss-above-tolerable",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("loss_above_tolerable.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for slo in subject
        .service
        .slos
        .iter()
        .filter(|slo| slo.sli == Sli::Availability)
    {
        let part = Spanned::new(0..0, slo_part(slo));
        let value = facts.value.get(&part);
        let (Some(value), Some(expected)) = (value, subject.traffic(slo)) else {
            continue;
        };
        let (span, value) = (value.span(), value.get_ref());
        let Some(tolerable) = &value.tolerable_loss else {
            continue;
        };
        let name = slo_name(slo);
        if tolerable.currency != value.per_event.currency {
            found.push(Finding::new(
                &name,
                Place::Manifest(span),
                format!("the value of `{name}` and its tolerable loss are in two currencies"),
            ));
            continue;
        }
        // Both per minute of even traffic; the length of the period cancels out.
        let at_stake = expected.traffic.per_minute().times(value.per_event.amount);
        let budget = tolerable.per_minute.over(at_stake);
        let Some(allowed) = budget.filter(|budget| budget.is_less_than(slo.target.budget())) else {
            continue;
        };
        let month = Decimal::new(30 * 1440, 1);
        let monthly = |per_minute: Decimal| {
            let cents = per_minute.times(month).times(Decimal::new(100, 1)).floor();
            format!(
                "{} {} a month",
                Decimal::new(cents, 100),
                tolerable.currency
            )
        };
        let finding = Finding::new(
            &name,
            Place::Manifest(span),
            format!(
                "the error budget of `{name}` costs {}, more than the tolerable {}",
                monthly(at_stake.times(slo.target.budget())),
                monthly(tolerable.per_minute)
            ),
        );
        let ppb = allowed.times(Decimal::new(PPB.into(), 1)).floor();
        let loosest = u32::try_from(ppb)
            .ok()
            .and_then(|ppb| Target::try_from_ppb(PPB - ppb));
        found.push(match loosest {
            Some(target) => finding.help(format!(
                "the loosest target that keeps the loss is {target}"
            )),
            None => finding.help("no target keeps the loss: insure it, or change what fails"),
        });
    }
    found
}
