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
    input::manifest::Then,
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
    let policy = subject.policy;
    // Levels hold from what is left down to the next, so the last one holds at 0%.
    let spent = policy.levels().last().copied();
    if spent.is_some_and(|level| level.then != Then::Nothing) {
        return Vec::new();
    }
    let place = match (policy, spent, &facts.policy) {
        (BudgetPolicy::Own(_), Some(level), _) => level.left.span(),
        (BudgetPolicy::Named(..), _, Some(name)) => name.span(),
        // One that is not there is told elsewhere.
        _ => return Vec::new(),
    };
    let own = match (policy, spent) {
        // A level that is there already says something else at the same place.
        (BudgetPolicy::Own(_), Some(level)) if level.left.get_ref().percent().floor() > 0 => {
            Some(in_manifest(subject, "[[budget-policy]]", FREEZE))
        }
        (BudgetPolicy::Named(..), _) => Some(in_manifest(subject, "[[budget-policy]]", FREEZE)),
        _ => None,
    };
    vec![
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
    ]
}
