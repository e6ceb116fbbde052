//! A slow leak can spend the whole error budget without an alert.
//!
//! Alerts fire above a burn rate, and below the smallest of their factors nobody is told. At a factor
//! of 1 that is as it should be, because then the budget lasts for the window. But a setting whose
//! smallest factor is 6 lets a service burn 5.9 times too fast for ever: the month's budget is gone in
//! five days, without a word, and the page that comes later is about something else. An outage is seen
//! in a minute; it is the cache that has been cold since Monday that empties budgets.
//!
//! Give the setting a ticket over a long window whose factor is near 1: `budget share × window ÷ long
//! window`, such as 10% of the budget in three days of thirty. In longer windows the usual conditions
//! become coarse, too: over 90 days their smallest factor is 3. Then choose a setting made for it, or
//! keep the factors with `--scaling scale-windows`, here and where rules are generated.
//!
//! The rule speaks where the budget can be gone in less than half of the window without an alert that
//! can fire. How soon an outage is seen is what `cargo slo explain burn-rates` shows, and whether
//! anyone can react in time a question of `outage-too-short`.
//!
//! An exception is right where something else tells of a leak, such as a weekly look at the budget
//! that the policy asks for.

use super::advice::setting::SLOW;
use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, alerts::AtTraffic},
    rules::{Finding, Rule, rule::Check},
    text::numbers::minutes,
};
use slo_model::{Decimal, budget, burn_rate::Condition};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "silent-leak",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("silent_leak.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let all = subject.alerts.over(slo);
        // Where none can fire, each is a finding of its own.
        let Some(slowest) = slowest(&all, slo).filter(|slowest| is_fast(slowest)) else {
            continue;
        };
        let places = subject.alerts.with_places(slo).into_iter();
        let place_of_setting = places
            .filter(|(one, _)| one == slowest)
            .find_map(|(_, at)| at);
        let name = slo.identity.name_in_service();
        let place = match place_of_setting {
            Some(place) => Place::Catalogue(place),
            None => Place::first_of(&slo.sources),
        };
        let lasts = budget::minutes_to_exhaustion(slo.window, Decimal::new(1, 1), slowest.factor);
        let lasts = lasts.map_or_else(|| "never".to_owned(), minutes);
        let finding = Finding::new(
                &name,
                place,
                format!("the budget of `{name}` can be gone in {lasts} without an alert"),
            )
            .note(format!(
                "the smallest factor of its alerts is {}, that of the {}: whatever burns more slowly is \
                 not told",
                slowest.factor,
                slowest.name()
            ))
            .other_alerts();
        found.push(match subject.alerts.are_chosen(slo) {
            true => finding,
            false => finding
                .help("keep the factors of 30 days over other windows: `--scaling scale-windows`"),
        });
    }
    found
}

/// The condition that tells of the slowest burn, of those that can fire.
pub(in crate::rules) fn slowest<'c>(
    conditions: &'c [Condition],
    slo: &Slo,
) -> Option<&'c Condition> {
    let able = conditions.iter().filter(|one| one.can_fire(slo.target));
    able.reduce(|a, b| match b.factor.is_less_than(a.factor) {
        true => b,
        false => a,
    })
}

/// True where the budget can be gone in less than half of the window before it fires.
pub(in crate::rules) fn is_fast(condition: &Condition) -> bool {
    SLOW.is_less_than(condition.factor)
}
