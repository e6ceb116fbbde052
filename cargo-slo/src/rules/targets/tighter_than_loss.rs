//! The target is stricter than the tolerable loss requires.
//!
//! Each nine costs more than the one before it: another region, another person on call, slower
//! releases. What it saves is known where `[value]` says what a bad event costs: a budget of 0.1% of
//! 1,200,000 events of 30 EUR is 36,000 EUR a month, a nine more saves nine tenths of that, and
//! whatever is spent on it beyond that is wasted. If 100,000 EUR may be lost, even 99.8% is tight
//! enough.
//!
//! The finding names the loosest target that keeps the tolerable loss, and what a nine more or less
//! is worth. Money is not everything: where users would leave, where a law or a contract asks for
//! more, keep the target, and accept the finding with an exception that says so. Otherwise loosen it,
//! and spend the budget on moving faster.
//!
//! The rule needs `per-event` and `tolerable-loss` in `[value]`, and the traffic of the same journey
//! or endpoint, expected or measured.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, worth::Worth},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "tighter-than-loss",
    level: Level::Note,
    check: Check::Traffic(check),
    source: include_str!("tighter_than_loss.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(worth) = Worth::new(subject, slo) else {
            continue;
        };
        let Some(loosest) = worth.loosest_usual().filter(|usual| *usual < slo.target) else {
            continue;
        };
        let Some(tolerable) = &worth.value.tolerable_loss else {
            continue;
        };
        let name = slo.identity.name_in_service();
        let mut finding = Finding::new(
            &name,
            Place::Manifest(worth.span.clone()),
            format!(
                "`{name}` promises {}, and {loosest} would keep the tolerable loss",
                slo.target
            ),
        )
        .note(format!(
            "the budget of {} costs {} when it is spent, that of {loosest} {}; {} may be lost",
            slo.target,
            worth.cost(slo.target),
            worth.cost(loosest),
            worth.monthly(tolerable.per_minute)
        ))
        .note(worth.nines(slo.target));
        if let Some(exact) = worth.loosest().filter(|exact| *exact != loosest) {
            finding = finding.note(format!("to the last event, {exact} is enough"));
        }
        found.push(
            finding
                .promise(
                    fleet,
                    subject,
                    slo,
                    loosest,
                    format!("promise {loosest}, and spend the difference on moving faster"),
                )
                .help(
                    "or say in an exception what asks for more: a contract, a law, users who leave",
                ),
        );
    }
    found
}
