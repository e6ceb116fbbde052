//! A spent error budget costs more than the tolerable loss.
//!
//! A target is a decision about money: with 12,000 orders a month of 30 EUR each, 99% allow a loss of
//! 3,600 EUR a month. `[value]` in `slo.toml` says what a bad event costs and what may be lost; the
//! loosest target that keeps the loss follows from both. A tighter
//! one is a finding of `tighter-than-loss`.
//!
//! Either the target is too loose for what is lost with it, or more may be lost than was said. The
//! finding names the loosest target that keeps the loss, and what a nine more or less is worth, so that
//! the price of getting there can be held against it. Accept it with an exception where an insurance or
//! a contract pays.
//!
//! The rule needs the traffic of the same journey or endpoint, expected or measured.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, worth::Worth},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "loss-above-tolerable",
    level: Level::Warning,
    check: Check::Traffic(check),
    source: include_str!("loss_above_tolerable.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(worth) = Worth::new(subject, slo) else {
            continue;
        };
        let Some(tolerable) = &worth.value.tolerable_loss else {
            continue;
        };
        let name = slo.identity.name_in_service();
        let place = Place::Manifest(worth.span.clone());
        if tolerable.currency != worth.value.per_event.currency {
            found.push(
                Finding::new(
                    &name,
                    place,
                    format!("the value of `{name}` and its tolerable loss are in two currencies"),
                )
                .help("give both in the currency that the loss is judged in"),
            );
            continue;
        }
        let allowed = worth.tolerable();
        if !allowed.is_some_and(|allowed| allowed.is_less_than(slo.target.budget())) {
            continue;
        }
        let finding = Finding::new(
            &name,
            place,
            format!(
                "the error budget of `{name}` costs {}, more than the tolerable {}",
                worth.cost(slo.target),
                worth.monthly(tolerable.per_minute)
            ),
        )
        .note(worth.nines(slo.target));
        found.push(match (worth.loosest_usual(), worth.loosest()) {
            (Some(usual), Some(exact)) => {
                let finding = match exact == usual {
                    true => finding,
                    false => finding.note(format!("to the last event, {exact} is enough")),
                };
                let words = format!("the loosest usual target that keeps the loss is {usual}");
                finding.promise(fleet, subject, slo, usual, words)
            }
            (None, Some(exact)) => {
                let words = format!("the loosest target that keeps the loss is {exact}");
                finding.promise(fleet, subject, slo, exact, words)
            }
            (_, None) => finding.help("no target keeps the loss: insure it, or change what fails"),
        });
    }
    found
}
