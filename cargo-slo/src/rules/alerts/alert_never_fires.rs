//! An alert needs more bad events than there are events, so it can never fire.
//!
//! A burn-rate alert fires where the share of bad events exceeds `factor × (1 − target)`. At a
//! target of 90% and a factor of 14.4, that is 144%: even when everything fails, the alert stays
//! silent. Low targets need smaller factors, that is, longer windows or a smaller share of the
//! budget: choose a burn-rate setting of the catalogue that is made for them.
//!
//! There is no reason for an exception: an alert that can't fire is one that somebody relies on.
//! Where the target is so low on purpose that no burn rate of the setting fits, take the condition
//! out of it.

use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, alerts::AtTraffic},
    rules::{Finding, Rule, rule::Check, targets::target_below_half::HALF},
    text::numbers::share,
};
use slo_model::Decimal;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "alert-never-fires",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("alert_never_fires.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // Below half no alert fires, whatever its factor: that is said of the target, once.
    let meant = |slo: &&Slo| slo.target >= HALF;
    for slo in subject.service.slos.iter().filter(meant) {
        let all = subject.alerts.with_places(slo).into_iter();
        let silent = all.filter(|(condition, _)| !condition.can_fire(slo.target));
        let name = slo.identity.name_in_service();
        for (condition, place) in silent {
            let place = match place {
                Some(place) => Place::Catalogue(place),
                None => Place::first_of(&slo.sources),
            };
            // Just below the factor at which everything has to fail.
            let limit = Decimal::new(10, 1).over(slo.target.budget());
            found.push(
                Finding::new(
                    &name,
                    place,
                    format!("the {} of `{name}` can never fire", condition.name()),
                )
                .note(format!(
                    "it waits for {} × (1 − {}) = {} bad events",
                    condition.factor,
                    slo.target,
                    share(condition.threshold(slo.target))
                ))
                .other_alerts()
                .help(match limit {
                    Some(tenfold) => format!(
                        "at {} no factor above {} can fire",
                        slo.target,
                        Decimal::new(below(tenfold), 10)
                    ),
                    None => "choose another target".to_owned(),
                }),
            );
        }
    }
    found
}

/// The largest whole number below a limit.
fn below(limit: Decimal) -> u128 {
    let whole = limit.floor();
    match Decimal::new(whole, 1) == limit {
        true => whole.saturating_sub(1),
        false => whole,
    }
}
