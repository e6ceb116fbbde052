//! The error budget holds so few events that chance decides whether the target is met.
//!
//! A target turns the expected traffic into a number of bad events that are fine: 526 requests a
//! month at 99% leave five. Even a service that is exactly as good as promised has six or more in
//! 43% of all months, by chance alone, so neither a breach nor a quiet month says much about the
//! service. At least ten events are needed for the budget to mean something, and some fifty before
//! a single failure stops being an event of note.
//!
//! The finding names the ways out that work at this traffic: a lower target, a longer window, the
//! journey's SLO instead of the endpoint's, or synthetic probes. Alerting on every single failure
//! needs no SLO at all.
//!
//! An exception is right for a while, where traffic is about to grow: it says until when.
//!
//! The traffic comes from `[traffic]` in `slo.toml`, else from the history; without both the rule has
//! nothing to say.

use crate::{
    diagnostics::Level,
    fleet::{Expected, Fleet, Subject},
    rules::{
        Finding, Rule,
        alerts::advice::ways_out::{FEW_EVENTS, ways_out},
        rule::Check,
    },
    text::numbers::{counted, grouped, percent},
};
use slo_model::{PPB, Target, binomial::tail, budget};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "few-events",
    level: Level::Error,
    check: Check::Traffic(check),
    source: include_str!("few_events.rs"),
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
        let held = budget::events(valid, slo.target);
        if !(1..FEW_EVENTS).contains(&held) {
            continue;
        }
        let by_chance = tail(held + 1, valid, slo.target);
        let name = slo.identity.name_in_service();
        let mut finding = Finding::new(
            &name,
            place,
            format!(
                "the error budget of `{name}` holds {}: chance decides whether it is kept",
                counted(held, "bad event")
            ),
        )
        .note(format!(
            "{} {word} in {} at {} leave a budget of {held}",
            counted(valid, "event"),
            slo.window,
            slo.target
        ))
        .note(format!(
            "a service exactly on target breaches it in {} of all windows, by chance alone",
            percent(by_chance)
        ));
        // Half the budget: the next better service that can be written down.
        if let Some(twice) = Target::try_from_ppb(PPB - slo.target.budget_ppb() / 2) {
            let unlucky = tail(held + 1, valid, twice);
            finding = finding.note(format!(
                "one twice as good still does in {}, and one perfect window of {} events shows \
                 no more than {}",
                percent(unlucky),
                grouped(valid),
                shown_by(valid)
            ));
        }
        found.push(ways_out(finding, fleet, subject, slo, traffic));
    }
    found
}

/// The target that a window without any bad event shows with 95 % confidence: the rule of
/// three, in its exact form `0.05^(1/n)`.
fn shown_by(valid: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
    let share = 0.05f64.powf(1.0 / valid as f64);
    format!("{:.2}%", (share * 10_000.0).floor() / 100.0)
}
