//! The alert that the data of a service is gone.

use super::{
    file::{Kind, Rule},
    job::{Job, Labelled},
    missed_run::{self, INTERVAL, WAITING},
    names::Instrument,
    objective::GOOD,
    promql::selector,
    stuck,
};
use crate::{definition::Service, outputs::Settings, text::template::literal};
use std::collections::BTreeSet;

/// How long the data must have been missing. Longer than the five minutes that Prometheus
/// looks back, so that a slow exporter or a restart is not a loss of data.
const WINDOW: &str = "15m";

/// How long that must have been so: a Prometheus that starts has seen nothing for as long as
/// nobody has sent to it.
const HELD_FOR: &str = "10m";

pub(super) const NAME: &str = "SloDataMissing";

/// The alert of a service.
///
/// Without data no other alert can fire, and that looks like a service without faults. It is
/// a ticket: it tells nothing about users, and mostly it is the telemetry that broke.
///
/// The counters stand at 0 from the start of the service and stay where they are without
/// traffic, so only their absence is looked at, never their rest. It asks for any series of
/// the job: a single one is missing as soon as its annotation is taken away.
pub(super) fn of_service(service: &Service, job: &Job, settings: &Settings) -> Rule {
    let owners: BTreeSet<&str> = service.slos.iter().map(|slo| &*slo.owner).collect();
    let owners: Vec<_> = owners.into_iter().filter(|name| !name.is_empty()).collect();
    let series = settings.names.selector(Instrument::Events, &job.matchers());
    let (held_for, expr) = match longest_silence(service) {
        Some(seconds) => (
            format!("{seconds}s"),
            format!(
                "absent_over_time({}[1h])",
                selector(WAITING, &job.joined_matchers())
            ),
        ),
        None => (
            HELD_FOR.to_owned(),
            format!("absent_over_time({series}[{WINDOW}])"),
        ),
    };
    // Labels of alerts are templates too, unlike those of what is recorded.
    let mut labels = vec![
        ("severity", "ticket".to_owned()),
        ("slo_service", literal(&service.name)),
    ];
    if let [only] = owners[..] {
        labels.push(("slo_owner", literal(only)));
    }
    let mut annotations = vec![
        ("summary", literal(&summary(service))),
        ("description", literal(&description(&series, settings))),
    ];
    if !owners.is_empty() {
        annotations.push(("owner", literal(&owners.join(", "))));
    }
    Rule {
        kind: Kind::Alert {
            held_for: Some(held_for.into()),
        },
        name: NAME.to_owned(),
        expr,
        labels,
        annotations,
    }
}

/// How long nothing may be heard of a service that is made of jobs only, in seconds; `None` for
/// one that serves.
///
/// Its processes may live for as long as a run takes, so silence between two runs is its
/// health. `SloRunMissed` tells of a job that stopped; what it can't tell of is one that was
/// never heard of.
pub(super) fn longest_silence(service: &Service) -> Option<u64> {
    let intervals: Option<Vec<u64>> = service
        .endpoints
        .iter()
        .map(missed_run::seconds_between_runs)
        .collect();
    let shortest = intervals?.into_iter().min()?;
    Some(missed_run::patience(shortest))
}

fn summary(service: &Service) -> String {
    format!(
        "No SLO data of {}: its error budgets are unknown and its other SLO alerts can't fire",
        service.name
    )
}

fn description(series: &str, settings: &Settings) -> String {
    format!(
        "Not one sample of {series} in {WINDOW}; without traffic there would still be some. \
         {CHECKS}; and that the service has this name: `count by ({}) ({})` lists those there \
         are, and `cargo slo generate prometheus` takes `--service` and `--namespace`.",
        Labelled::new(settings).by(),
        settings.names.selector(Instrument::Events, &[]),
    )
}

/// Where data gets lost.
const CHECKS: &str = "Check that the service runs and keeps the guard of slo-sdk; that its \
    exporter reaches the collector (OTEL_EXPORTER_OTLP_ENDPOINT, warnings in its log); that the \
    collector sends to this Prometheus";

/// How many endpoints of a service serve, and are not jobs.
const SERVING: &str = "slo:endpoints:serving";

/// How names of services, journeys and endpoints begin that `cargo slo status --pipeline` makes up, one for
/// each check. Nobody waits for more of their events.
pub(crate) const PIPELINE_CHECK: &str = "slo-pipeline-check";

/// How long a service is remembered that sends nothing any more.
const MEMORY: &str = "1d";

/// The rules for every service that sent something within a day: nobody tells these rules
/// which services there ought to be. One that was taken down on purpose is forgotten a day
/// later, and one that is made of jobs only may be silent between two runs.
pub(super) fn of_all(settings: &Settings) -> [Rule; 2] {
    let by = Labelled::new(settings).by();
    let serving = format!(
        "count by ({by}) (\n  {GOOD}{{slo_endpoint!~\"{PIPELINE_CHECK}-.+\"}} unless on ({by}, slo_journey, slo_endpoint) {INTERVAL}\n)"
    );
    let events = settings.names.selector(Instrument::Events, &[]);
    let expr = format!(
        "last_over_time({SERVING}[{MEMORY}])\n\
         unless on ({by}) count by ({by}) (count_over_time({events}[{WINDOW}]))"
    );
    let service = stuck::service(settings);
    let alert = Rule {
        kind: Kind::Alert {
            held_for: Some(HELD_FOR.into()),
        },
        name: NAME.to_owned(),
        expr,
        labels: vec![("severity", "ticket".to_owned())],
        annotations: vec![
            (
                "summary",
                format!(
                    "No SLO data of {service}: its error budgets are unknown and its other SLO alerts can't fire"
                ),
            ),
            (
                "description",
                format!(
                    "Not one sample of its events in {WINDOW}; without traffic there would still be some. {CHECKS}."
                ),
            ),
        ],
    };
    [Rule::record(SERVING, serving, &[]), alert]
}
