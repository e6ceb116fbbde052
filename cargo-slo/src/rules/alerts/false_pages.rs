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
//! number, `false-pages = "2/year"`. The finding names settings that keep it. Accept it with an
//! exception where pages of this service go to office hours only.
//!
//! The traffic comes from `[traffic]` in `slo.toml`, else from the history; without both the rule has
//! nothing to say. Budgets of fewer than ten events are a finding of `few-events`, and pages that one
//! event is enough for one of `alert-on-one-event`.

use super::{
    advice::{
        setting::{advice, with_ticket},
        ways_out::FEW_EVENTS,
    },
    alert_on_one_event::one_is_enough,
};
use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Expected, Fleet, Subject, USUAL_TARGETS, alerts::AtTraffic},
    input::values::Traffic,
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, minutes, number},
};
use slo_model::{
    Decimal, Target, budget,
    burn_rate::{Condition, Guard, Severity},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "false-pages",
    level: Level::Warning,
    check: Check::Traffic(check),
    source: include_str!("false_pages.rs"),
};

/// What factors are multiplied with, until they leave little enough to chance.
const LARGER: [(u128, u128); 7] = [(5, 4), (3, 2), (2, 1), (5, 2), (3, 1), (4, 1), (5, 1)];

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let allowed = subject.alerts.pages_allowed();
    let is_fine = |pages: f64| pages <= allowed.to_f64();
    for slo in &subject.service.slos {
        let Some(Expected {
            traffic,
            place,
            word,
        }) = subject.traffic(slo)
        else {
            continue;
        };
        let held = budget::events(traffic.within(slo.window), slo.target);
        let in_force = subject.alerts.over(slo.window);
        let all = pages(in_force.clone());
        if held < FEW_EVENTS || all.iter().any(|page| one_is_enough(page, slo, traffic)) {
            continue;
        }
        let by_chance = |guard| sum(&all, slo.target, traffic, guard);
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
        let ways = [
            setting(subject, slo, traffic, &is_fine),
            larger_shares(&all, slo, traffic, &is_fine).map(|raised| {
                let mut whole = raised.clone();
                let is_ticket = |old: &Condition| old.severity == Severity::Ticket;
                whole.extend(in_force.into_iter().filter(is_ticket));
                let whole = with_ticket(whole, slo.target, slo.window);
                format!(
                    "{}: {}",
                    advice(subject, &whole, slo.window),
                    effect(&raised, slo, traffic)
                )
            }),
        ];
        let mut finding = finding.helps(ways.into_iter().flatten());
        if let Some(lower) = lower_target(&all, slo, traffic, &is_fine) {
            let or = if finding.help.is_empty() { "" } else { "or, " };
            finding = finding.help(format!("{or}{lower}"));
        }
        found.push(finding);
    }
    found
}

fn pages(mut conditions: Vec<Condition>) -> Vec<Condition> {
    conditions.retain(|condition| condition.severity == Severity::Page);
    conditions
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
fn sum(pages: &[Condition], target: Target, traffic: Traffic, guard: Guard) -> f64 {
    let each = pages
        .iter()
        .map(|page| page.by_chance(target, traffic, guard));
    each.sum()
}

/// How soon the first of them sees that everything fails.
fn outage_seen(pages: &[Condition], target: Target, traffic: Traffic) -> String {
    let outage = Decimal::new(1, 1);
    let seen = pages
        .iter()
        .filter_map(|page| page.seen_after(target, Some(traffic), outage));
    seen.reduce(|a, b| if b.is_less_than(a) { b } else { a })
        .map_or_else(
            || "an outage is never seen".to_owned(),
            |time| format!("an outage is seen after {}", minutes(time)),
        )
}

/// What pages come to: those by chance, and how soon they see an outage.
fn effect(pages: &[Condition], slo: &Slo, traffic: Traffic) -> String {
    format!(
        "{} a month by chance, and {}",
        number(sum(pages, slo.target, traffic, Guard::ByChance)),
        outage_seen(pages, slo.target, traffic)
    )
}

/// A setting of the catalogue that leaves little enough to chance.
fn setting(
    subject: &Subject<'_>,
    slo: &Slo,
    traffic: Traffic,
    is_fine: &dyn Fn(f64) -> bool,
) -> Option<String> {
    let table = &subject.catalogue.burn_rates;
    table.names().find_map(|name| {
        let pages = pages(table.get(name)?.conditions(slo.window));
        let guarded = sum(&pages, slo.target, traffic, Guard::ByChance);
        // A page that never fires leaves nothing to chance, and tells of nothing either.
        let is_sound = !pages.is_empty()
            && pages
                .iter()
                .all(|page| page.can_fire(slo.target) && !one_is_enough(page, slo, traffic));
        (is_sound && is_fine(guarded)).then(|| {
            format!(
                "choose `burn-rates = \"{name}\"` of the catalogue: {}",
                effect(&pages, slo, traffic)
            )
        })
    })
}

/// The same conditions with larger shares of the budget, until little enough is left to chance.
fn larger_shares(
    pages: &[Condition],
    slo: &Slo,
    traffic: Traffic,
    is_fine: &dyn Fn(f64) -> bool,
) -> Option<Vec<Condition>> {
    LARGER.iter().find_map(|(times, over)| {
        let mut pages = pages.to_vec();
        for page in &mut pages {
            page.factor = page.factor.times(Decimal::new(*times, *over));
        }
        let whole = Decimal::new(1, 1);
        let is_sound = pages.iter().all(|page| {
            let spent = page.budget_share(slo.window);
            page.can_fire(slo.target) && !whole.is_less_than(spent)
        });
        let guarded = sum(&pages, slo.target, traffic, Guard::ByChance);
        (is_sound && is_fine(guarded)).then_some(pages)
    })
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
