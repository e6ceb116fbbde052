//! A slow leak spends the whole error budget, and no alert tells of it.
//!
//! Alerts fire above a burn rate, and below the smallest of their factors nobody is told. At a factor
//! of 1 that is as it should be, because then the budget lasts for the window. But a setting whose
//! smallest factor is 6 lets a service burn 5.9 times too fast for ever: the month's budget is gone in
//! five days, without a word, and the page that comes later is about something else. An outage is seen
//! in a minute; it is the cache that has been cold since Monday that empties budgets.
//!
//! Give the setting a ticket over a long window whose factor is near 1: `budget share × window ÷ long
//! window`, such as 10% of the budget in three days of thirty. In longer windows the usual conditions
//! become coarse, too: over 90 days their smallest factor is 3. Then scale them with the window
//! (`--scaling scale-windows`), or choose a setting made for it.
//!
//! The rule speaks where the budget can be gone in less than half of the window without an alert that
//! can fire. How soon an outage is seen is what `cargo slo explain burn-rates` shows, and whether
//! anyone can react in time a question of `outage-too-short`.
//!
//! An exception is right where something else tells of a leak, such as a weekly look at the budget
//! that the policy asks for.

use super::{
    Finding, Fleet, Place, Rule, Subject, conditions::conditions, fleet::slo_name, rule::Check,
    words::minutes,
};
use crate::diagnostics::Level;
use slo_model::{Decimal, budget};

pub(super) const RULE: Rule = Rule {
    name: "silent-leak",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("silent_leak.rs"),
};

/// With a larger factor, the budget lasts for less than half of the window.
const LARGEST: Decimal = Decimal::new(2, 1);

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let all = conditions(fleet, subject, slo.window);
        let able = all.iter().filter(|c| c.timing().can_fire(slo.target));
        let slowest = able.reduce(|a, b| {
            if b.factor.is_less_than(a.factor) {
                b
            } else {
                a
            }
        });
        // Where none can fire, each is a finding of its own.
        let Some(slowest) = slowest.filter(|slowest| LARGEST.is_less_than(slowest.factor)) else {
            continue;
        };
        let name = slo_name(slo);
        let place = match &slowest.place {
            Some(place) => Place::Catalogue(place.clone()),
            None => Place::first_of(&slo.sources),
        };
        let lasts = budget::minutes_to_exhaustion(slo.window, Decimal::new(1, 1), slowest.factor);
        let lasts = lasts.map_or_else(|| "never".to_owned(), minutes);
        let days = Decimal::new(slo.window.length_days().into(), 10);
        found.push(
            Finding::new(
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
            .help(format!(
                "add a ticket for 10% of the budget over {} to the setting: its factor is 1",
                minutes(days.times(Decimal::new(1440, 1)))
            ))
            .help("with the usual conditions, generate them with `--scaling scale-windows`"),
        );
    }
    found
}
