//! All rules over all services.

use super::{Finding, Levels, Rule, alerts::fitting_alerts, all, rule::Check};
use crate::{
    diagnostics::{Change, Diagnostic, Location},
    fleet::{Fleet, Place, Subject},
    input::{RustSource, manifest::Exception},
};
use std::collections::HashMap;

/// Runs every rule over every service of a fleet: the findings in the order of the services,
/// and of the rules within each.
///
/// A finding that an exception of the service accepts is left out, and so is one of a rule that
/// is not reported. Rules are run all the same: otherwise their exceptions would look unused.
pub fn check(fleet: &Fleet<'_>, levels: &Levels, sources: &mut RustSource) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for subject in &fleet.subjects {
        for (rule, finding) in found(fleet, subject) {
            if let Some(level) = levels.level(rule) {
                let mut diagnostic = diagnostic(finding, subject, sources);
                diagnostic.level = level;
                diagnostic.rule = Some(rule.name);
                told.push(diagnostic);
            }
        }
    }
    told
}

/// What the rules find in a service and no exception accepts.
pub(crate) fn found(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<(&'static Rule, Finding)> {
    let exceptions = subject.facts().map_or(&[][..], |facts| &facts.exception);
    let mut used = vec![false; exceptions.len()];
    let mut found: Vec<(&'static Rule, Finding)> = Vec::new();
    for rule in all() {
        let of_rule = match rule.check {
            Check::Service(check) | Check::Traffic(check) | Check::Offered(check) => {
                check(fleet, subject)
            }
            Check::History(check) => subject
                .counted()
                .map(|(history, counted)| check(subject, history, counted))
                .unwrap_or_default(),
            Check::Exceptions(_) => continue,
        };
        found.extend(of_rule.into_iter().map(|finding| (rule, finding)));
    }
    found.retain(|(rule, finding)| !is_accepted(rule, finding, exceptions, &mut used));
    advise_alerts(&mut found, subject);
    for rule in all() {
        if let Check::Exceptions(check) = rule.check {
            found.extend(
                check(fleet, subject, &used)
                    .into_iter()
                    .map(|finding| (rule, finding)),
            );
        }
    }
    found
}

/// Adds the alerts that fit each SLO to the findings about its alerts, worked out once.
fn advise_alerts(found: &mut [(&Rule, Finding)], subject: &Subject<'_>) {
    let mut known: HashMap<String, Option<Change>> = HashMap::new();
    for (_, finding) in found.iter_mut().filter(|(_, finding)| finding.needs_alerts) {
        let slos = &subject.service.slos;
        let change = known.entry(finding.on.clone()).or_insert_with(|| {
            let mut slos = slos.iter();
            let slo = slos.find(|slo| slo.identity.name_in_service() == finding.on)?;
            fitting_alerts(subject, slo)
        });
        finding.changes.splice(0..0, change.clone());
    }
}

/// Whether an exception accepts a finding; all that do are noted as used.
fn is_accepted(
    rule: &Rule,
    finding: &Finding,
    exceptions: &[Exception],
    used: &mut [bool],
) -> bool {
    let mut is_accepted = false;
    for (exception, used) in exceptions.iter().zip(used) {
        let on = exception.on.as_ref().map(toml::Spanned::get_ref);
        if exception.rule.get_ref() == rule.name && on.is_none_or(|on| *on == finding.on) {
            *used = true;
            is_accepted = true;
        }
    }
    is_accepted
}

fn diagnostic(finding: Finding, subject: &Subject<'_>, sources: &mut RustSource) -> Diagnostic {
    let service = &subject.service.name;
    let mut diagnostic = Diagnostic::note(format!("{service}: {}", finding.message));
    diagnostic.location = match finding.place {
        Place::Source(source) => Some(sources.location(&source)),
        Place::Manifest(span) => subject.manifest.map(|manifest| manifest.location(span)),
        Place::File(location) | Place::Catalogue(location) => Some(location),
        Place::Service => subject
            .manifest
            .map(|manifest| Location::file(manifest.file.path.display().to_string())),
    };
    diagnostic.notes = finding.notes;
    diagnostic.help = finding.help;
    diagnostic.changes = finding.changes;
    diagnostic
}
