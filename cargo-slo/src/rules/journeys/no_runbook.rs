//! A journey that can page has no runbook.
//!
//! An alert wakes someone who may never have seen the service. The runbook is the page that says what
//! to look at first, what can be switched off or rolled back, and whom to call. Generated alerts carry
//! its address; without one they only say that something is wrong. A page that is a list of three
//! commands is a good start.
//!
//! It is said in the code: `.runbook("https://…")` on the journey, or `runbook = "https://…"` in
//! the annotation of an endpoint with objectives of its own.
//!
//! An exception is right where no page wakes anyone: a journey whose alerts all open tickets for the
//! team that wrote the code.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "no-runbook",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("no_runbook.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for journey in &subject.service.journeys {
        let name = &journey.record.name;
        let slos = subject.service.slos.iter();
        let without: Vec<_> = slos
            .filter(|slo| slo.identity.journey == *name && slo.runbook.trim().is_empty())
            .collect();
        let Some(first) = without.first() else {
            continue;
        };
        let names: Vec<_> = without
            .iter()
            .map(|slo| format!("`{}`", slo.identity.name_in_service()))
            .collect();
        found.push(
            Finding::new(
                name,
                Place::first_of(&first.sources),
                format!("whoever is paged for `{name}` finds no runbook"),
            )
            .note(format!("without one: {}", names.join(", ")))
            .help("say where the journey is declared what to do: `.runbook(\"https://…\")`"),
        );
    }
    found
}
