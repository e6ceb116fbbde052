//! The alert that a job did not run, or not with success.
//!
//! A run that never started leaves no event, so no error ratio shows it: the job's last
//! success grows old instead. A job may be a process of its own for each run, whose series end
//! with it; so the rules remember since when a success is waited for, and carry that on.

use super::{
    file::{Kind, Rule},
    job::Job,
    joined::Joined,
    names::Instrument,
    promql::{equals, selector},
    stuck, template,
    writers::MEMORY,
};
use crate::{definition::Service, outputs::Settings};
use slo_model::record::EndpointRecord;

/// Since when a success of a job is waited for, in seconds since the epoch: its last one, or
/// when the job became known if it had none.
pub(super) const WAITING: &str = "slo:job:waiting_since";

pub(super) const NAME: &str = "SloRunMissed";

/// How often each job is expected to run, in seconds.
pub(super) const INTERVAL: &str = "slo:job:interval";

/// How long the rules may not have been evaluated without forgetting it.
const CARRIED: &str = "1d";

/// The rules for the jobs of a service: two each, because each has an interval of its own.
pub(super) fn of_service(service: &Service, job: &Job, settings: &Settings) -> Vec<Rule> {
    jobs(service)
        .flat_map(|(endpoint, every)| one(endpoint, every, job, settings))
        .collect()
}

/// The jobs of a service, and how often each is expected to run, in seconds.
pub(super) fn jobs(service: &Service) -> impl Iterator<Item = (&EndpointRecord, u64)> {
    let endpoints = service.endpoints.iter();
    endpoints.filter_map(|endpoint| Some((endpoint, seconds_between_runs(endpoint)?)))
}

/// How often an endpoint is expected to run, in seconds; `None` if it is not a job.
pub(super) fn seconds_between_runs(endpoint: &EndpointRecord) -> Option<u64> {
    let every = u64::try_from(endpoint.every?.as_millis()).ok()?;
    Some(every.div_ceil(1000).max(1))
}

fn one(endpoint: &EndpointRecord, every: u64, job: &Job, settings: &Settings) -> [Rule; 2] {
    let mut matchers = job.matchers();
    let name = settings.names.label("slo.endpoint");
    matchers.push(equals(&name, &endpoint.name));
    let mut recorded = job.joined_matchers();
    recorded.push(equals("slo_endpoint", &endpoint.name));
    let waiting = selector(WAITING, &recorded);
    let expr = waiting_since(&matchers, &waiting, &carried(&waiting), settings);
    let mut rule = alert(
        format!("time() - {waiting} > {}", patience(every)),
        settings,
    );
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
    // Rules of one name need labels that tell them apart; the series have this one already.
    let label = ("slo_endpoint", endpoint.name.clone());
    [Rule::record(WAITING, expr, &[label]), rule]
}

/// The rules for all jobs there are, each judged by its own interval.
///
/// One that does not run any more is forgotten three of its intervals and a day after its last
/// success: nobody tells these rules which jobs there ought to be.
pub(super) fn of_all(settings: &Settings) -> [Rule; 3] {
    let before = carried(INTERVAL);
    let kept = carried(WAITING);
    let kept = format!("{kept} > time() - (3 * {before} + 86400)");
    let waiting = waiting_since(&[], WAITING, &kept, settings);
    let joined = joined(settings);
    let interval = settings.names.selector(Instrument::Interval, &[]);
    let interval = joined.aggregate("max", &format!("last_over_time({interval}[{MEMORY}])"));
    [
        Rule::record(WAITING, waiting, &[]),
        Rule::record(
            INTERVAL,
            format!("{interval}\nor\n{before} and {WAITING}"),
            &[],
        ),
        alert(
            format!("time() - {WAITING} > {INTERVAL} + clamp_min(0.5 * {INTERVAL}, {LEAST_SLACK})"),
            settings,
        ),
    ]
}

/// How much later than its interval a run may be, at least, in seconds: what it takes until an
/// export is made, arrives and is evaluated.
const LEAST_SLACK: u64 = 180;

/// How old the last success may become, in seconds: half an interval is left for the run
/// itself and for a late start.
pub(super) fn patience(every: u64) -> u64 {
    every + every.div_ceil(2).max(LEAST_SLACK)
}

fn joined(settings: &Settings) -> Joined<'_> {
    Joined::by(&["slo.journey", "slo.endpoint"], settings)
}

/// What was recorded last, be it some time ago.
fn carried(recorded: &str) -> String {
    format!("last_over_time({recorded}[{CARRIED}] offset 1s)")
}

/// Since when a success is waited for: the newest of all processes, those that ended since
/// included.
///
/// A process that starts knows of no success and exports 0; that does not change what is known.
/// `kept` is what is carried on though no process runs.
fn waiting_since(matchers: &[String], recorded: &str, kept: &str, settings: &Settings) -> String {
    let success = settings.names.selector(Instrument::LastSuccess, matchers);
    let last = format!("last_over_time({success}[{MEMORY}])");
    let last = joined(settings).aggregate("max", &last);
    let before = carried(recorded);
    format!(
        "{last} > {before}\nor\n{before} and {last}\nor\n{kept}\nor\n{last} > 0\nor\n0 * {last} + time()"
    )
}

/// The alert for jobs whose success is waited for too long.
fn alert(expr: String, settings: &Settings) -> Rule {
    let (endpoint, whose) = ("{{ $labels.slo_endpoint }}", stuck::service(settings));
    Rule {
        kind: Kind::Alert { held_for: None },
        name: NAME.to_owned(),
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
                "It succeeded {{ $value | humanizeDuration }} ago, or has not once since it became \
                 known then. A run that fails is a bad event and spends error budget; a run that \
                 never starts only shows here. Check its schedule, and that its process runs."
                    .to_owned(),
            ),
        ],
    }
}
