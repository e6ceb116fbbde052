//! The error budget policy names no action for a spent budget.
//!
//! A policy is what was agreed on before it hurts. One that says `nothing` at the level that holds when
//! nothing is left, or that has no level, is a plan to look away: the budget will be spent, someone will ask for a freeze, and the
//! discussion that the policy was to save begins. Somewhere above 0% the team should look at what
//! spends the budget (`review`), and at 0% work on reliability should come first (`freeze`).
//!
//! An exception is right while a policy is tried out and nothing is to follow from it yet; say until
//! when.

use crate::{
    diagnostics::{Change, Level},
    fleet::{BudgetPolicy, Fleet, Place, Subject},
    input::manifest::{Manifest, Then},
    rules::{
        Finding, Rule,
        change::{FREEZE, in_manifest},
        rule::Check,
    },
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "policy-without-action",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("policy_without_action.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let mut found: Vec<_> = of_service(subject, facts).into_iter().collect();
    for (journey, facts) in &facts.journey {
        let policy = subject.policy_of(journey.get_ref());
        // One that is not there is told elsewhere.
        if let (Some(name), BudgetPolicy::Named(..)) = (&facts.policy, policy)
            && does_nothing(policy)
        {
            found.push(Finding::new(
                journey.get_ref(),
                Place::Manifest(name.span()),
                format!(
                    "what happens when the error budget of `{}` is spent? The policy says: nothing",
                    journey.get_ref()
                ),
            ));
        }
    }
    found
}

/// Levels hold from what is left down to the next, so the last one holds at 0%.
fn does_nothing(policy: BudgetPolicy<'_>) -> bool {
    let levels = policy.levels();
    levels
        .last()
        .is_none_or(|level| level.then == Then::Nothing)
}

fn of_service(subject: &Subject<'_>, facts: &Manifest) -> Option<Finding> {
    let policy = subject.policy;
    if !does_nothing(policy) {
        return None;
    }
    let spent = policy.levels().last().copied();
    let place = match (policy, spent, &facts.policy) {
        (BudgetPolicy::Own(_), Some(level), _) => level.left.span(),
        (BudgetPolicy::Named(..), _, Some(name)) => name.span(),
        // One that is not there is told elsewhere.
        _ => return None,
    };
    let own = match (policy, spent) {
        // A level that is there already says something else at the same place.
        (BudgetPolicy::Own(_), Some(level)) if level.left.get_ref().percent().floor() > 0 => {
            Some(in_manifest(subject, "[[budget-policy]]", FREEZE))
        }
        (BudgetPolicy::Named(..), _) => Some(in_manifest(subject, "[[budget-policy]]", FREEZE)),
        _ => None,
    };
    Some(
        Finding::new(
            &subject.service.name,
            Place::Manifest(place),
            "what happens when the error budget is spent? The policy says: nothing",
        )
        .changes(own.map(|own| {
            let does = "release nothing but repairs while the budget is spent";
            Change::decision(does, own)
        }))
        .help("say what happens before, too: a `review` at some level above it"),
    )
}
