//! An exception accepts nothing: what it was for is gone, or its name is wrong.
//!
//! An exception that outlives its finding would hide the next one of that kind. Remove it when what
//! it was for is fixed. `rule` is a name that `cargo slo check --list` shows, `on` what the finding
//! puts between backticks: an SLO, a journey, or a service that is depended on.
//!
//! Exceptions from rules that need a history are left alone in a run without one.

use super::{Finding, Place, Rule, Subject, all, find, rule::Check};
use crate::diagnostics::{Level, nearest};

pub(super) const RULE: Rule = Rule {
    name: "unused-exception",
    level: Level::Warning,
    check: Check::Exceptions(check),
    source: include_str!("unused_exception.rs"),
};

fn check(subject: &Subject<'_>, used: &[bool]) -> Vec<Finding> {
    let exceptions = subject.facts().map_or(&[][..], |facts| &facts.exception);
    let mut found = Vec::new();
    for (exception, used) in exceptions.iter().zip(used) {
        if *used {
            continue;
        }
        let rule = exception.rule.get_ref();
        // A rule that could not look has found nothing to accept.
        let is_silent = |rule: &Rule| matches!(rule.check, Check::History(_));
        if find(rule).is_some_and(is_silent) && subject.counted().is_none() {
            continue;
        }
        let place = Place::Manifest(exception.rule.span());
        if find(rule).is_none() {
            let finding = Finding::new(
                rule,
                place,
                format!("there is no rule called `{rule}` to except from"),
            );
            found.push(match nearest(rule, all().iter().map(|rule| rule.name)) {
                Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                None => finding.help("`cargo slo check --list` shows all rules"),
            });
            continue;
        }
        let on = exception
            .on
            .as_ref()
            .map(|on| format!(" on `{}`", on.get_ref()));
        found.push(
            Finding::new(
                rule,
                place,
                format!(
                    "the exception from `{rule}`{} accepts nothing",
                    on.unwrap_or_default()
                ),
            )
            .help("remove it, or correct what it is `on`"),
        );
    }
    found
}
