//! A policy is to stop deliveries of whoever takes part in a journey, and stops nobody's.
//!
//! Where a journey is served by several services, its budget is spent by any of them. A policy can
//! say so: at a level with `then = "freeze"` and `blocks = "participants"`, `cargo slo gate` holds
//! back features of every service that the journey needs, as its hard dependencies declare. That
//! does nothing
//!
//! - where `then` is not `freeze`: then nothing is held back at all;
//! - where the journey has no SLO of its own in the service: single endpoints have theirs, and
//!   freeze that service alone;
//! - where no hard dependency is declared for the journey: then nobody takes part in it.
//!
//! Teams would count on a freeze that never comes. Give the journey objectives, declare what it needs
//! in `dependency`, or leave `blocks` out.
//!
//! An exception is right while dependencies are still being declared; say until when.

use crate::{
    diagnostics::Level,
    fleet::{BudgetPolicy, Fleet, Place, Subject, participants::participants},
    input::manifest::{Blocks, PolicyLevel, Then},
    rules::{Finding, Rule, rule::Check},
};
use std::ops::Range;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "blocks-nobody",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("blocks_nobody.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut of_service = Vec::new();
    for journey in &subject.service.journeys {
        let name = &journey.record.name;
        let own = facts.journey(name).and_then(|facts| facts.policy.as_ref());
        match own {
            Some(policy) => {
                let why = why_nobody(fleet, subject, name);
                let on = (name.as_str(), policy.span());
                found.extend(finding(subject.policy_of(name), on, why));
            }
            None => of_service.push(why_nobody(fleet, subject, name)),
        }
    }
    // The policy of the service is for all of its journeys: it is enough that it holds for one.
    let why = match of_service.iter().any(Option::is_none) {
        true => None,
        false => of_service.into_iter().flatten().next(),
    };
    if let Some(span) = place(subject) {
        let on = (subject.service.name.as_str(), span);
        found.extend(finding(subject.policy, on, why));
    }
    found
}

/// Where the policy of a service is named, or the level that blocks.
fn place(subject: &Subject<'_>) -> Option<Range<usize>> {
    match subject.policy {
        BudgetPolicy::Own(_) => Some(blocking(subject.policy)?.left.span()),
        _ => Some(subject.facts()?.policy.as_ref()?.span()),
    }
}

/// The level that says that others are blocked, one that does it before others.
fn blocking(policy: BudgetPolicy<'_>) -> Option<&PolicyLevel> {
    let levels = policy.levels().into_iter();
    let blocking = levels.filter(|level| level.blocks == Blocks::Participants);
    blocking.max_by_key(|level| level.then == Then::Freeze)
}

/// Why nobody is blocked by a journey; `None` if somebody is.
fn why_nobody(fleet: &Fleet<'_>, subject: &Subject<'_>, journey: &str) -> Option<String> {
    let mut slos = subject.service.slos.iter();
    let has_slo =
        slos.any(|slo| slo.identity.journey == journey && slo.identity.endpoint.is_none());
    match has_slo {
        false => Some(format!("the journey `{journey}` has no SLO of its own")),
        true => participants(fleet, subject, journey)
            .services
            .is_empty()
            .then(|| format!("no hard dependency is declared for the journey `{journey}`")),
    }
}

fn finding(
    policy: BudgetPolicy<'_>,
    (on, span): (&str, Range<usize>),
    why_nobody: Option<String>,
) -> Option<Finding> {
    let level = blocking(policy)?;
    let left = level.left.get_ref().percent();
    let (why, help) = match (level.blocks_participants(), why_nobody) {
        (false, _) => (
            format!("what happens at {left}% left is not a freeze"),
            "say `then = \"freeze\"` there, or leave `blocks` out",
        ),
        (true, Some(why)) => (
            why,
            "give the journey objectives and declare what it needs, or leave `blocks` out",
        ),
        (true, None) => return None,
    };
    Some(
        Finding::new(
            on,
            Place::Manifest(span),
            format!("the policy of `{on}` blocks whoever takes part, which is nobody"),
        )
        .note(why)
        .help(help),
    )
}
