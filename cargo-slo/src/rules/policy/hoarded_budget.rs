//! More of the error budget was left than the policy allows, window after window.
//!
//! A budget is there to be spent: on releases, on experiments, on the machines that are not bought.
//! What is left at the end of a window is gone, and a team that leaves nearly all of it, again and
//! again, pays for a reliability that nobody asked for, and gets its users used to it. A policy says
//! what then happens, as it says what happens when the budget is spent:
//!
//! ```toml
//! [unspent-budget]
//! left = "90%"
//! windows = 3
//! then = "loosen"
//! ```
//!
//! `loosen` looks for a looser target together with those who use the service, `ship` takes more risk
//! with each release, and `rehearse` spends some of it on a failure that is caused on purpose. In the
//! catalogue the same stands as `unspent` of a policy. Without it, the rule `over-achieved` speaks.
//!
//! The rule counts: so much of the budget, or more, was left in each of the last windows. It says
//! nothing of windows whose whole budget is less than five events, which are left by luck. It needs a
//! history, `--history FILE` or `--prometheus URL`, of that many windows. Accept it with an exception
//! where the reliability comes for free.

use crate::{
    diagnostics::Level,
    fleet::{
        Place, Subject, USUAL_TARGETS,
        hoarded::{is_hoarded, left},
        measured::until,
    },
    input::{
        history::{Counted, History},
        manifest::{Spend, UnspentBudget},
    },
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, grouped, whole_share},
};
use slo_model::{
    Decimal, Target,
    budget::{self, Counts},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "hoarded-budget",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("hoarded_budget.rs"),
};

fn check(subject: &Subject<'_>, history: &History, _: &Counted) -> Vec<Finding> {
    let Some(policy) = subject.unspent() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let windows = subject.windows(slo);
        let Some(last) = windows.get(..policy.windows()) else {
            continue;
        };
        if !last
            .iter()
            .all(|counts| is_hoarded(*counts, slo.target, policy.left()))
        {
            continue;
        }
        let name = slo.identity.name_in_service();
        let newest = last[0];
        let left: Vec<_> = last
            .iter()
            .rev()
            .map(|counts| whole_share(left(*counts, slo.target)))
            .collect();
        let finding = Finding::new(
            &name,
            Place::first_of(&slo.sources),
            format!(
                "`{name}` left {} or more of its error budget unspent in each of its last {}",
                policy.left(),
                counted(last.len() as u64, "window")
            ),
        )
        .note(format!(
            "left at the end of each: {}; in the last one {} of {} that may be bad were",
            left.join(", "),
            grouped(newest.bad),
            counted(budget::events(newest.valid(), slo.target), "event"),
        ))
        .note(until(history));
        found.push(finding.help(way_out(policy, slo.target, last)));
    }
    found
}

/// What the policy says to do, with a number.
fn way_out(policy: &UnspentBudget, target: Target, last: &[Counts]) -> String {
    let what = match policy.then {
        Spend::Loosen => {
            let looser = USUAL_TARGETS.into_iter().find(|usual| *usual < target);
            let still = looser.map(|looser| {
                let least = last.iter().map(|counts| left(*counts, looser));
                let least = least.reduce(|one, other| match one.is_less_than(other) {
                    true => one,
                    false => other,
                });
                format!(
                    ", such as {looser}, which would have left {} in the worst of these windows",
                    whole_share(least.unwrap_or(Decimal::new(0, 1)))
                )
            });
            format!(
                "agree on a looser target with those who use it{}",
                still.unwrap_or_default()
            )
        }
        Spend::Ship => {
            "release more often, with less waiting and fewer approvals, until some of it \
                        is spent"
                .to_owned()
        }
        Spend::Rehearse => {
            let newest = last[0];
            let rest = budget::events(newest.valid(), target).saturating_sub(newest.bad);
            format!(
                "rehearse a failure: with the traffic of the last window, {} may be bad",
                counted(rest, "more event")
            )
        }
    };
    match &policy.text {
        Some(text) => format!(
            "the policy says: {}: {what}; {}",
            policy.then.as_str(),
            text.text()
        ),
        None => format!("the policy says: {}: {what}", policy.then.as_str()),
    }
}
