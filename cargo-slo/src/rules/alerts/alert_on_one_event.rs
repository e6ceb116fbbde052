//! At the expected traffic, a single bad event is enough to page.
//!
//! A burn rate is a ratio, and a ratio of few events jumps: one failure among the eight requests of
//! an hour is 12.5%, far above the 1.44% at which a page for 99.9% fires. The rules that are
//! generated for Prometheus wait until chance no longer explains the failures, so they don't page
//! for one; other systems do, and in both cases the rate in that window says little.
//!
//! Either page only on windows with enough traffic, which a burn-rate setting of the catalogue can
//! say, or let the budget grow: see the ways out of `few-events`. Where the budget itself holds fewer
//! than ten events, that is the finding, and this rule stays silent.
//!
//! An exception is right where every single failure is worth a page, such as for a payment of
//! millions; then say who wants to be woken for one.
//!
//! The traffic comes from `[traffic]` in `slo.toml`, else from the history; without both the rule has
//! nothing to say.

use super::advice::ways_out::FEW_EVENTS;
use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Expected, Fleet, Subject, alerts::AtTraffic},
    input::values::Traffic,
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, expected, minutes, number},
};
use slo_model::{
    Decimal, budget,
    burn_rate::{Condition, Guard, Severity},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "alert-on-one-event",
    level: Level::Warning,
    check: Check::Traffic(check),
    source: include_str!("alert_on_one_event.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
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
        if budget::events(traffic.within(slo.window), slo.target) < FEW_EVENTS {
            continue;
        }
        let all = subject.alerts.over(slo);
        let jumpy = all.iter().find(|condition| {
            condition.severity == Severity::Page && one_is_enough(condition, slo, traffic)
        });
        if let Some(condition) = jumpy {
            found.push(told(condition, slo, traffic, place, word).other_alerts());
        }
    }
    found
}

/// True where one event of an average long window is a larger share than fires it.
pub(in crate::rules) fn one_is_enough(condition: &Condition, slo: &Slo, traffic: Traffic) -> bool {
    let events = traffic.in_minutes(condition.long_minutes);
    events.times(condition.threshold(slo.target)).is_below(1)
}

fn told(
    condition: &Condition,
    slo: &Slo,
    traffic: Traffic,
    place: crate::fleet::Place,
    word: &str,
) -> Finding {
    let name = slo.identity.name_in_service();
    let events = traffic.in_minutes(condition.long_minutes);
    let needed = condition.bad_events_needed(events, slo.target);
    let finding = Finding::new(
        &name,
        place,
        format!(
            "one bad event is enough for the {} of `{name}`",
            condition.name()
        ),
    )
    .note(format!(
        "about {} events {word} in that window, and more than {} of them bad fires it",
        expected(events),
        crate::text::numbers::share(condition.threshold(slo.target))
    ));
    let finding = match Decimal::new(needed.into(), 1).over(traffic.per_minute()) {
        Some(wait) => finding.note(format!(
            "generated Prometheus rules wait for {}, which take {} to arrive even in an outage",
            counted(needed, "bad event"),
            minutes(wait)
        )),
        None => finding,
    };
    let by_chance = |guard| number(condition.by_chance(slo.target, traffic, guard));
    finding
        .note(format!(
            "chance alone fires it {} times a month for a service on target, and {} times where rules \
             wait for more than one",
            by_chance(Guard::None),
            by_chance(Guard::ByChance)
        ))
        .help("`cargo slo explain burn-rates --target T --traffic N/month` shows what each needs")
}
