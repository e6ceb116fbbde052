//! No alert detects the errors the team wants to know about.
//!
//! "We want to know after three errors" is a good wish, and a target is the wrong place for it. A
//! target says how good is good enough for those who use the service; whoever tightens it until three
//! errors break it has promised something nobody asked for, and spends the budget on noise. What is
//! detected, and how soon, is a matter of burn rates: over which windows an alert looks, and how much
//! of the budget may be gone by then. Three errors of a budget of twelve are 25% of it.
//!
//! So say what to detect, and leave the target alone:
//!
//! ```toml
//! [detect]
//! "checkout" = "3 errors in 1h"
//! "checkout/place-order" = "page after 5 errors in 30m"
//! ```
//!
//! The finding names a setting of the catalogue that does it, or writes one down, for this SLO alone: with
//! how soon it sees an outage, and how often chance alone pages. What is written down is whole: the
//! tickets in force are in it, and the pages that may stay, so that no other rule about alerts finds a
//! fault in it. Where as many errors are nothing unusual for a service on target, it says how many are. A
//! wish that is met only by a rate which one error exceeds is found as well: rules generated for Prometheus wait for more than chance
//! explains, those of other systems have no such guard and tell of everything. For a single error
//! there is no burn rate: count errors, or search traces.
//!
//! The rule needs `[traffic]` for the same journey or endpoint, and says so. Where a wish can't be met
//! at this traffic, change the wish; an exception would hide that nobody is told.

use super::advice::detection::{Answer, Watched, watching};
use crate::{
    definition::Slo,
    diagnostics::Level,
    fleet::{Expected, Fleet, Place, Subject, alerts::AtTraffic},
    input::values::Wish,
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, expected, share, window},
};
use slo_model::{Decimal, budget, burn_rate::Condition};
use std::ops::Range;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "undetected",
    level: Level::Warning,
    check: Check::Traffic(check),
    source: include_str!("undetected.rs"),
};

/// The longest window that is offered, in minutes: 3 days.
const MAX_WINDOW_MINUTES: u32 = 4320;

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(facts) = subject.facts() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (part, wish) in &facts.detect {
        let Some(slo) = watching(subject, part.get_ref()) else {
            continue;
        };
        found.extend(judge(subject, slo, *wish.get_ref(), wish.span()));
    }
    found
}

fn judge(subject: &Subject<'_>, slo: &Slo, wish: Wish, span: Range<usize>) -> Option<Finding> {
    let name = slo.identity.name_in_service();
    let said = in_words(wish);
    let place = Place::Manifest(span);
    let Some(Expected { traffic, .. }) = subject.traffic(slo) else {
        let message = format!(
            "nothing says how much traffic `{name}` expects, so it is unknown whether {said} would be detected"
        );
        return Some(
            Finding::new(&name, place, message).help(
                "say it in `[traffic]`, or read a history with `--history` or `--prometheus`",
            ),
        );
    };
    let watched = Watched {
        target: slo.target,
        window: slo.window,
        traffic,
    };
    let in_force = subject.alerts.over(slo);
    let answers: Vec<_> = in_force
        .iter()
        .map(|condition| watched.answer(condition, wish))
        .collect();
    if answers.contains(&Answer::Told) {
        return None;
    }
    let by_one = in_force.iter().zip(&answers);
    let by_one: Vec<_> = by_one
        .filter(|(_, answer)| **answer == Answer::ByOne)
        .map(|(condition, _)| watched.needed(condition))
        .collect();
    let message = match by_one.iter().max() {
        // Rules generated for Prometheus tell of them; those of others tell of more.
        Some(2..) => format!(
            "alerts of `{name}` tell of {said}, but without a guard, as of Sloth, Pyrra or Datadog, of \
             each single error too"
        ),
        Some(_) => format!("only alerts that fire for a single error tell of {said} of `{name}`"),
        None => format!("no alert of `{name}` tells of {said}"),
    };
    let mut finding = Finding::new(&name, place, message);
    let asked = |condition: &&Condition| wish.severity.is_none_or(|s| s == condition.severity);
    for condition in in_force.iter().filter(asked) {
        finding = finding.note(waits(watched, condition));
    }
    let errors = Decimal::new(wish.errors.into(), 1);
    if let (2.., Some(spent)) = (wish.errors, errors.over(watched.budget())) {
        let part = match Decimal::new(1, 1).is_less_than(spent) {
            true => "more than the whole budget".to_owned(),
            false => format!("{} of the budget", share(spent)),
        };
        finding = finding.note(format!(
            "{} are {part}, which holds {} in {}",
            counted(wish.errors, "error"),
            expected(watched.budget()),
            slo.window
        ));
    }
    let held = budget::events(traffic.within(slo.window), slo.target);
    if wish.errors == held.saturating_add(1) {
        finding = finding.note(format!(
            "as many break {}: was that target chosen to detect them?",
            slo.target
        ));
    }
    finding = match watched.condition_for(wish, subject.alerts.pages_allowed(slo)) {
        Some(_) => finding.other_alerts(),
        None => unusual(finding, subject, watched, slo, wish),
    };
    Some(finding.help(format!(
        "leave the target at {}: it says what users are content with, and detects nothing",
        slo.target
    )))
}

fn in_words(wish: Wish) -> String {
    let errors = counted(wish.errors, "error");
    match wish.within {
        Some(within) => format!("{errors} in {}", window(within.count())),
        None => format!("{errors} at once"),
    }
}

/// What an alert in force waits for.
fn waits(watched: Watched, condition: &Condition) -> String {
    if !condition.can_fire(watched.target) {
        return format!("the {} never fires", condition.name());
    }
    format!(
        "the {} waits for {} in {}, in which {} events are expected",
        condition.name(),
        counted(watched.needed(condition), "error"),
        window(condition.long_minutes),
        expected(watched.traffic.in_minutes(condition.long_minutes))
    )
}

/// Why no setting tells of it, and what could be told of.
fn unusual(
    finding: Finding,
    subject: &Subject<'_>,
    watched: Watched,
    slo: &Slo,
    wish: Wish,
) -> Finding {
    let allowed = subject.alerts.pages_allowed(slo);
    if wish.errors == 1 {
        return finding
            .help("no burn rate tells of a single error: count errors, or search traces");
    }
    let finding = match wish.within {
        Some(within) => {
            let expected_bad = watched
                .traffic
                .in_minutes(within.count())
                .times(slo.target.budget());
            finding.note(format!(
                "a service exactly on target has {} of {} bad in {} on average",
                expected(expected_bad),
                expected(watched.traffic.in_minutes(within.count())),
                window(within.count())
            ))
        }
        None => finding,
    };
    let finding =
        finding.note("no condition tells these errors from chance, and fires for no fewer");
    match watched.errors_that_can(wish, allowed) {
        Some(larger) => finding.help(format!(
            "ask for {}: fewer happen to a service on target",
            in_words(larger)
        )),
        None if wish.within.is_some_and(|within| within.count() > MAX_WINDOW_MINUTES) => finding.help(
            "ask for a period of at most 3 days, because no alert looks back further, or use a level of \
             the error budget policy: `[[budget-policy]]` in `slo.toml`",
        ),
        None => finding.help("ask for more errors, or for a shorter period"),
    }
}
