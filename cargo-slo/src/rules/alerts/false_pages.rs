//! At the expected traffic, chance alone pages more often than is acceptable.
//!
//! Failures don't come evenly. A service that is exactly on target at 99% has one bad event in a
//! hundred on average, and now and then six within an hour, because that is what chance does. A page
//! for that finds nothing to mend, and people who were woken three times for nothing stop looking at
//! the fourth. With enough events chance evens out: from a budget of some 200 bad events in 30 days
//! on, the usual alerts leave nothing to it.
//!
//! The rule counts how often the pages of an SLO start to fire in a month at the expected traffic, if
//! events come at random and each is bad with a chance of `1 − target`. That is exact for alerts that
//! are evaluated all the time, and an upper bound for those that are evaluated every minute. It is
//! counted with the guard of the rules that are generated for Prometheus, which wait until chance
//! hardly explains the failures; the rules of other systems have none, and the note says what becomes
//! of them.
//!
//! One such page a month is fine: a service that is better than its target has fewer, and it is less
//! than one for each of the people on call. A burn-rate setting of the catalogue may allow another
//! number, `false-pages = "2/year"`. The finding names a setting that keeps it, or writes one down, for
//! this SLO alone. Accept it with an
//! exception where pages of this service go to office hours only.
//!
//! The traffic comes from `[traffic]` in `slo.toml`, else from the history; without both the rule has
//! nothing to say. Budgets of fewer than ten events are a finding of `few-events`, and pages that one
//! event is enough for one of `alert-on-one-event`.

use super::{advice::ways_out::FEW_EVENTS, alert_on_one_event::one_is_enough};
use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Expected, Fleet, Subject, USUAL_TARGETS, alerts::AtTraffic},
    input::values::Traffic,
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, number},
};
use slo_model::{
    Target, budget,
    burn_rate::{Condition, Guard, Severity},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "false-pages",
    level: Level::Warning,
    check: Check::Traffic(check),
    source: include_str!("false_pages.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let allowed = subject.alerts.pages_allowed(slo);
        let is_fine = |pages: f64| pages <= allowed.to_f64();
        let Some(Expected {
            traffic,
            place,
            word,
        }) = subject.traffic(slo)
        else {
            continue;
        };
        let held = budget::events(traffic.within(slo.window), slo.target);
        let mut all = subject.alerts.over(slo);
        all.retain(|condition| condition.severity == Severity::Page);
        if held < FEW_EVENTS || all.iter().any(|page| one_is_enough(page, slo, traffic)) {
            continue;
        }
        let by_chance = |guard| by_chance(&all, slo, traffic, guard);
        let guarded = by_chance(Guard::ByChance);
        if is_fine(guarded) {
            continue;
        }
        let name = slo.identity.name_in_service();
        let (shown, limit) = apart(guarded, allowed.to_f64());
        let finding = Finding::new(
            &name,
            place,
            format!("chance alone pages for `{name}` {shown} times a month"),
        )
        .note(format!(
            "{} {word} in {} at {} leave a budget of {held}, and a service exactly on target \
             spends it at random; {limit} a month is allowed",
            counted(traffic.within(slo.window), "event"),
            slo.window,
            slo.target
        ))
        .note(format!(
            "rules of systems without a guard, as of Sloth, Pyrra or Datadog, page {} times",
            number(by_chance(Guard::None))
        ));
        let mut finding = finding.other_alerts();
        if let Some(lower) = lower_target(&all, slo, traffic, &is_fine) {
            finding = finding.help(lower);
        }
        found.push(finding);
    }
    found
}

/// A number and the smaller one that it exceeds, with two digits where fewer would look the same.
fn apart(number_of: f64, limit: f64) -> (String, String) {
    let (above, below) = (number(number_of), number(limit));
    if above != below {
        let whole = below.strip_suffix(".0").unwrap_or(&below).to_owned();
        return (above, whole);
    }
    // Away from each other, or 1.001 would be no more than 1.
    let above = (number_of * 100.0).ceil() / 100.0;
    let below = (limit * 100.0).floor() / 100.0;
    (format!("{above:.2}"), format!("{below:.2}"))
}

/// Pages a month by chance. Those of two conditions that one burst fires count twice, as they
/// do for whoever is paged.
pub(in crate::rules) fn by_chance(
    conditions: &[Condition],
    slo: &Slo,
    traffic: Traffic,
    guard: Guard,
) -> f64 {
    sum(conditions, slo.target, traffic, guard)
}

fn sum(conditions: &[Condition], target: Target, traffic: Traffic, guard: Guard) -> f64 {
    let pages = conditions
        .iter()
        .filter(|one| one.severity == Severity::Page);
    let each = pages.map(|page| page.by_chance(target, traffic, guard));
    each.sum()
}

/// The tightest usual target that leaves little enough to chance.
fn lower_target(
    pages: &[Condition],
    slo: &Slo,
    traffic: Traffic,
    is_fine: &dyn Fn(f64) -> bool,
) -> Option<String> {
    USUAL_TARGETS
        .into_iter()
        .filter(|target| *target < slo.target)
        .find_map(|target| {
            let can_fire = pages.iter().all(|page| page.can_fire(target));
            let guarded = sum(pages, target, traffic, Guard::ByChance);
            (can_fire && is_fine(guarded)).then(|| {
                let held = budget::events(traffic.within(slo.window), target);
                format!(
                    "if that is what users are content with, promise {target}: a budget of {}, and {} a \
                     month",
                    counted(held, "bad event"),
                    number(guarded)
                )
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_looks_like_more() {
        let shown = |above, below| {
            let (above, below) = apart(above, below);
            format!("{above} > {below}")
        };
        assert_eq!(shown(2.7, 1.0), "2.7 > 1");
        assert_eq!(shown(1.0001, 1.0), "1.01 > 1.00");
        assert_eq!(shown(0.3, 60.0 / 365.0), "0.3 > 0.2");
        assert_eq!(shown(0.17, 60.0 / 365.0), "0.17 > 0.16");
    }
}
