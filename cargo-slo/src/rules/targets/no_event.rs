//! The error budget is smaller than one event: the first bad event breaks the target.
//!
//! With fewer events in a window than `1 / (1 − target)`, there is no budget to spend. Every failure
//! is a breach, every quiet window is perfect, and the target says the same as 100% would. Nothing
//! can be decided with such a budget, because it is either full or gone.
//!
//! The finding names the ways out that work at this traffic. Where none does, watch for single
//! failures, and leave the target to the journey or to a service with more traffic.
//!
//! An exception is right for a while, where traffic is about to grow: it says until when.
//!
//! The traffic comes from `[traffic]` in `slo.toml`, else from the history; without both the rule has
//! nothing to say.

use crate::{
    diagnostics::Level,
    fleet::{Expected, Fleet, Subject},
    rules::{Finding, Rule, alerts::advice::ways_out::ways_out, rule::Check},
    text::numbers::counted,
};
use slo_model::budget;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "no-event",
    level: Level::Error,
    check: Check::Traffic(check),
    source: include_str!("no_event.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let Some(Expected {
            traffic,
            place,
            word,
        }) = subject.traffic(slo)
        else {
            continue;
        };
        let valid = traffic.within(slo.window);
        if budget::events(valid, slo.target) > 0 {
            continue;
        }
        let name = slo.identity.name_in_service();
        let finding = Finding::new(
            &name,
            place,
            format!("the error budget of `{name}` holds no event: the first bad one breaks it"),
        )
        .note(format!(
            "{} {word} in {} at {}: less than one of them may be bad",
            counted(valid, "event"),
            slo.window,
            slo.target
        ));
        found.push(ways_out(finding, fleet, subject, slo, traffic));
    }
    found
}
