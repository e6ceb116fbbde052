//! An exception matches no finding: what it was for is gone, or its name is wrong.
//!
//! An exception that outlives its finding would hide the next one of that kind. Remove it when what
//! it was for is fixed. `rule` is a name that `cargo slo check --list` shows, `on` what the finding
//! puts between backticks: an SLO, a journey, or a service that is depended on.
//!
//! Exceptions from rules that could not look are left alone: from those that need a history in a run
//! without one, from those about traffic where nothing says how much an SLO sees, and from those
//! about coverage where no file lists the endpoints.

use crate::{
    diagnostics::{Change, Level, nearest},
    fleet::{Fleet, Place, Subject},
    input::manifest::Exception,
    rules::{Finding, Rule, all, change::without, find, rule::Check},
};
use std::ops::Range;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unused-exception",
    level: Level::Warning,
    check: Check::Exceptions(check),
    source: include_str!("unused_exception.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>, used: &[bool]) -> Vec<Finding> {
    let exceptions = subject.facts().map_or(&[][..], |facts| &facts.exception);
    let mut found = Vec::new();
    for (exception, used) in exceptions.iter().zip(used) {
        if *used {
            continue;
        }
        let rule = exception.rule.get_ref();
        // A rule that could not look has found nothing to accept.
        if find(rule).is_some_and(|rule| !could_look(rule, fleet, subject, exception)) {
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
                Some(meant) => finding.meant(subject, exception.rule.span(), meant),
                None => finding.help("`cargo slo check --list` shows all rules"),
            });
            continue;
        }
        let on = exception
            .on
            .as_ref()
            .map(|on| format!(" on `{}`", on.get_ref()));
        let finding = Finding::new(
            rule,
            place,
            format!(
                "the exception from `{rule}`{} accepts nothing",
                on.unwrap_or_default()
            ),
        );
        found.push(match meant(subject, exception) {
            Some((span, meant)) => finding.meant(subject, span, &meant),
            None => finding
                .changes(
                    without(subject, &["exception"], &exception.rule.span())
                        .map(|edit| Change::certain("take the exception out", edit)),
                )
                .help("or correct what it is `on`"),
        });
    }
    found
}

/// Whether what a rule needs is known, for all that an exception may be about.
fn could_look(
    rule: &Rule,
    fleet: &Fleet<'_>,
    subject: &Subject<'_>,
    exception: &Exception,
) -> bool {
    match rule.check {
        Check::History(_) => subject.counted().is_some(),
        Check::Offered(_) => fleet.api(&subject.service.name).is_some(),
        Check::Traffic(_) => {
            let on = exception.on.as_ref().map(toml::Spanned::get_ref);
            let slos = subject.service.slos.iter();
            slos.filter(|slo| on.is_none_or(|on| *on == slo.identity.name_in_service()))
                .all(|slo| subject.traffic(slo).is_some())
        }
        Check::Service(_) | Check::Exceptions(_) => true,
    }
}

/// What is there and called nearly like what an exception is `on`; `None` if that is there.
fn meant(subject: &Subject<'_>, exception: &Exception) -> Option<(Range<usize>, String)> {
    let written = exception.on.as_ref()?;
    let on = written.get_ref();
    let slos = subject
        .service
        .slos
        .iter()
        .map(|slo| slo.identity.name_in_service());
    let facts = subject.facts().into_iter();
    let dependencies = facts.flat_map(|facts| &facts.dependency);
    let services = dependencies.map(|dependency| dependency.service.get_ref().clone());
    let known: Vec<_> = subject.parts().chain(slos).chain(services).collect();
    if known.contains(on) {
        return None;
    }
    let meant = nearest(on, known.iter().map(String::as_str))?;
    Some((written.span(), meant.to_owned()))
}
