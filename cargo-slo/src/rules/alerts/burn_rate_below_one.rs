//! An alert from the catalogue fires while the objective is still met.
//!
//! At a burn rate of 1 the budget is spent exactly at the end of the window. An alert with a smaller
//! factor fires while the service is better than promised, and whoever looks finds nothing to do.
//! The factor is `budget share × window ÷ long window`, so a setting that suits 30 days gets factors
//! below 1 in shorter windows. Choose a larger share of the budget, a shorter long window, or another
//! setting for the services with that window. The usual conditions are raised to 1 by themselves.
//!
//! An exception is right for a ticket that is meant as an early word, where the team wants to look
//! before the budget is in danger; a page never is.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, alerts::AtTraffic},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "burn-rate-below-one",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("burn_rate_below_one.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for slo in &subject.service.slos {
        for (condition, place) in subject.alerts.with_places(slo) {
            let Some(place) = place.filter(|_| condition.factor.is_below(1)) else {
                continue;
            };
            let name = slo.identity.name_in_service();
            found.push(
                Finding::new(
                    &name,
                    Place::Catalogue(place),
                    format!(
                        "the {} of `{name}` fires although the objective is kept",
                        condition.name()
                    ),
                )
                .note(format!(
                    "over {} its factor is {}, and below 1 the budget outlasts the window",
                    slo.window, condition.factor
                ))
                .other_alerts()
                .help("or, for all that have this setting, give the condition a larger share of the budget or a shorter long window"),
            );
        }
    }
    found
}
