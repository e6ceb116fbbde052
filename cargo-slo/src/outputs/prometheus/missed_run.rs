//! The alert that a job did not run, or not with success.
//!
//! A run that never started leaves no event, so no error ratio shows it: the job's last
//! success grows old instead.

use super::{
    file::{Kind, Rule},
    job::Job,
    joined::Joined,
    names::Instrument,
    promql::equals,
    stuck, template,
};
use crate::{definition::Service, outputs::Settings};
use slo_model::record::EndpointRecord;

/// The alerts for the jobs of a service: one each, because each has an interval of its own.
pub(super) fn of_service(service: &Service, job: &Job, settings: &Settings) -> Vec<Rule> {
    let jobs = service.endpoints.iter().filter_map(|endpoint| {
        let every = u64::try_from(endpoint.every?.as_millis()).ok()?;
        Some(one(endpoint, every.div_ceil(1000).max(1), job, settings))
    });
    jobs.collect()
}

fn one(endpoint: &EndpointRecord, every: u64, job: &Job, settings: &Settings) -> Rule {
    let mut matchers = job.matchers();
    let name = settings.names.label("slo.endpoint");
    matchers.push(equals(&name, &endpoint.name));
    let mut rule = rule(&matchers, patience(every), settings);
    rule.labels.extend([
        ("slo_service", template::literal(job.service())),
        ("slo_endpoint", template::literal(&endpoint.name)),
    ]);
    let journey = &endpoint.journey;
    if !journey.owner.is_empty() {
        let owner = template::literal(&journey.owner);
        rule.labels.push(("slo_owner", owner.clone()));
        rule.annotations.push(("owner", owner));
    }
    let runbook = match &*endpoint.runbook {
        "" => &journey.runbook,
        own => own,
    };
    if !runbook.is_empty() {
        rule.annotations
            .push(("runbook_url", template::literal(runbook)));
    }
    rule
}

/// The longest intervals that the alerts of all services tell apart, in seconds: an hour, a
/// day, a week, a month of 31 days.
const CLASSES: [u64; 4] = [3600, 86_400, 604_800, 2_678_400];

/// The alerts for all jobs there are: one for each class of intervals, because a range in an
/// expression is a constant. Within a class each job is judged by its own interval.
pub(super) fn of_all(settings: &Settings) -> Vec<Rule> {
    let classes = CLASSES.iter().enumerate().map(|(place, longest)| {
        let mut rule = rule(&[], patience(*longest), settings);
        let interval = interval(&[], settings);
        let above = place.checked_sub(1).map(|before| CLASSES[before]);
        let lower = above.map_or_else(String::new, |above| {
            format!(
                "\nand on ({}) {interval} > {above}",
                joined(settings).labels()
            )
        });
        rule.expr = format!(
            "({}){lower}\nand on ({}) {interval} <= {longest}",
            rule.expr,
            joined(settings).labels()
        );
        rule.labels
            .push(("slo_every_at_most", format!("{}h", longest / 3600)));
        rule
    });
    classes.collect()
}

/// How old the last success may become, in seconds: half an interval is left for the run
/// itself and for a late start.
fn patience(every: u64) -> u64 {
    every + every.div_ceil(2)
}

fn joined(settings: &Settings) -> Joined<'_> {
    Joined::by(&["slo.journey", "slo.endpoint"], settings)
}

fn interval(matchers: &[String], settings: &Settings) -> String {
    let interval = settings.names.selector(Instrument::Interval, matchers);
    joined(settings).aggregate("max", &interval)
}

/// The alert for jobs whose patience is at most this many seconds.
///
/// A process that starts knows of no success and exports 0, so the newest of all processes is
/// taken, those that have ended since included. Where even that is 0, the job is only late once
/// it has been known for as long.
fn rule(matchers: &[String], patience: u64, settings: &Settings) -> Rule {
    let names = settings.names;
    let joined = joined(settings);
    let on = joined.labels();
    let success = names.selector(Instrument::LastSuccess, matchers);
    let last = joined.aggregate("max", &format!("max_over_time({success}[{patience}s])"));
    let interval = interval(matchers, settings);
    let known = names.selector(Instrument::Interval, matchers);
    let known = format!("last_over_time({known}[15m] offset {patience}s)");
    let known = joined.aggregate("max", &known);
    let expr = format!(
        "time() - ({last} > 0) > on ({on}) 1.5 * {interval}\nor\n\
         time() - ({last} == 0) and on ({on}) {known}"
    );
    let (endpoint, whose) = ("{{ $labels.slo_endpoint }}", stuck::service(settings));
    Rule {
        kind: Kind::Alert { held_for: None },
        name: "SloRunMissed".to_owned(),
        expr,
        labels: vec![("severity", "ticket".to_owned())],
        annotations: vec![
            (
                "summary",
                format!(
                    "Job {endpoint} of {whose} has not succeeded for more than one and a half of its intervals"
                ),
            ),
            (
                "description",
                "Its last success is {{ $value | humanizeDuration }} old, or unknown where that \
                 reads like decades. A run that fails is a bad event and spends error budget; a \
                 run that never starts only shows here. Check its schedule, and that its process \
                 runs."
                    .to_owned(),
            ),
        ],
    }
}
