//! What the head of a rule file says about the rules below it.

use super::{job::Job, promql::duration};
use crate::{definition::Slo, fleet::Subject, outputs::Settings};
use slo_model::{Window, burn_rate::Condition};
use std::collections::BTreeMap;

/// Whose events are counted, for whoever runs a service of the same name elsewhere.
pub(super) fn about_jobs(job: &Job) -> Vec<String> {
    match job.exact() {
        None => {
            let name = job.service();
            vec![
                format!(
                    "Jobs: {name}, and {name} in any service.namespace. If there are several, each"
                ),
                "has numbers and alerts of its own, but missing data is only told when all are"
                    .to_owned(),
                "gone. With `--namespace NAME` the rules are for one of them.".to_owned(),
            ]
        }
        Some(job) => vec![format!("Job: {job}, and no other.")],
    }
}

/// What is not as the annotations say, SLO by SLO.
pub(super) fn about_slos(subject: &Subject<'_>, settings: &Settings) -> Vec<String> {
    let service = subject.service;
    let windows: BTreeMap<_, _> = service
        .slos
        .iter()
        .map(|slo| (slo.window.to_string(), slo.window))
        .collect();
    let mut all: Vec<_> = windows
        .values()
        .flat_map(|window| about_window(*window, settings))
        .collect();
    all.extend(service.slos.iter().filter_map(about_former_names));
    for slo in &service.slos {
        let conditions = subject.alerts.over(slo);
        let remarks = conditions.iter().filter_map(|c| about_condition(c, slo));
        all.extend(remarks.map(|remark| format!("{}: {remark}.", slo.identity)));
    }
    all
}

/// What holds for the rules of all services.
pub(super) fn about_all(windows: &[Window], rules: usize, settings: &Settings) -> Vec<String> {
    let names: Vec<_> = windows.iter().map(ToString::to_string).collect();
    let mut notes = vec![
        format!(
            "Windows: {}. An objective over another one is told.",
            names.join(", ")
        ),
        format!("{rules} rules in one group: hosted rulers may have to allow that many."),
    ];
    notes.extend(windows.iter().flat_map(|w| about_window(*w, settings)));
    notes
}

/// What an SLO was called, whose events are in its budget.
pub(super) fn about_former_names(slo: &Slo) -> Option<String> {
    let names: Vec<_> = slo.formerly.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        return None;
    }
    Some(format!(
        "{}: with what is counted as {}, for as long as that is in a window.",
        slo.identity,
        names.join(" or ")
    ))
}

/// What rules can't do for this window, or only with samples that are kept for longer.
fn about_window(window: Window, settings: &Settings) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Window::Calendar(_) = window {
        remarks.push(format!(
            "What is promised over a {}: the rules see the last {} instead.",
            window.to_string().replace('-', " "),
            duration(window.length_minutes())
        ));
    }
    let (days, kept) = (window.length_days(), settings.retention_days);
    if days > kept {
        let needed = days + 1;
        remarks.push(format!(
            "What is promised over {window}: samples are kept for {kept} days, so the budget is \
             that of {kept} days. Start Prometheus with `--storage.tsdb.retention.time={needed}d`; \
             `--retention {needed}` then says so here."
        ));
    }
    remarks
}

/// What became of a condition.
fn about_condition(condition: &Condition, slo: &Slo) -> Option<String> {
    let (long, short) = (
        duration(condition.long_minutes),
        duration(condition.short_minutes),
    );
    let what = format!("{} for {long} and {short}", condition.severity.as_str());
    if !condition.can_fire(slo.target) {
        return Some(format!(
            "{what} left out: it can't fire, {} times the error budget of {} is an error ratio of {}",
            condition.factor,
            slo.target.budget(),
            condition.threshold(slo.target)
        ));
    }
    condition.raised_from.map(|computed| {
        format!(
            "{what} fires above a burn rate of 1 instead of {computed}: above 1 the objective is \
             missed, below it is kept"
        )
    })
}
