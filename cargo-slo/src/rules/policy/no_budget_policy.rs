//! There is no error budget policy: nothing says what happens when the budget is spent.
//!
//! An SLO is worth what is decided by it. An error budget policy says in advance, while nobody is
//! angry, what changes at which level of the budget: at half of it the team looks where it goes, at
//! none only changes are delivered that make the service more reliable. Without one, targets are
//! looked at and nobody acts.
//!
//! Name a policy of the catalogue, or write one down:
//!
//! ```toml
//! policy = "standard"
//!
//! [[budget-policy]]
//! left = "50%"
//! then = "review"
//! [[budget-policy]]
//! left = "0%"
//! then = "freeze"
//! ```
//!
//! An exception is right for a service that is about to be switched off.

use crate::{
    diagnostics::{Change, Level},
    fleet::{BudgetPolicy, Fleet, Place, Subject},
    rules::{
        Finding, Rule,
        change::{FREEZE, in_manifest},
        rule::Check,
    },
    text::toml::quoted,
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "no-budget-policy",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("no_budget_policy.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut slos = subject.service.slos.iter();
    let has_one = slos.all(|slo| subject.policy_of(&slo.identity.journey) != BudgetPolicy::None);
    if has_one || !subject.is_known() || subject.service.slos.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::new(
            &subject.service.name,
            match subject.manifest {
                Some(_) => Place::Service,
                None => Place::first_of(&subject.service.slos[0].sources),
            },
            "nothing says what happens when the error budget is spent",
        )
        .changes(ways(subject)),
    ]
}

/// The only policy of the catalogue; else one of its own.
fn ways(subject: &Subject<'_>) -> Vec<Change> {
    let mut names = subject.catalogue.policies.names();
    let only = names.next().filter(|_| names.next().is_none());
    let named = only.map(|name| {
        let edit = in_manifest(subject, "", &format!("policy = {}", quoted(name)));
        Change::decision(format!("follow the policy `{name}` of the catalogue"), edit)
    });
    let own = in_manifest(subject, "[[budget-policy]]", FREEZE);
    let own = Change::decision("release nothing but repairs while the budget is spent", own);
    named.into_iter().chain([own]).collect()
}
