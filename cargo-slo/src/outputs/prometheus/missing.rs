//! The alert that the data of a service is gone.

use super::{
    file::{Kind, Rule},
    job::{Job, Labelled},
    names::Instrument,
    stuck, template,
};
use crate::{definition::Service, outputs::Settings};
use std::collections::BTreeSet;

/// How long the data must have been missing. Longer than the five minutes that Prometheus
/// looks back, so that a slow exporter or a restart is no loss of data.
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
    // Labels of alerts are templates too, unlike those of what is recorded.
    let mut labels = vec![
        ("severity", "ticket".to_owned()),
        ("slo_service", template::literal(&service.name)),
    ];
    if let [only] = owners[..] {
        labels.push(("slo_owner", template::literal(only)));
    }
    let mut annotations = vec![
        ("summary", template::literal(&summary(service))),
        (
            "description",
            template::literal(&description(&series, settings)),
        ),
    ];
    if !owners.is_empty() {
        annotations.push(("owner", template::literal(&owners.join(", "))));
    }
    Rule {
        kind: Kind::Alert {
            held_for: Some(HELD_FOR),
        },
        name: NAME.to_owned(),
        expr: format!("absent_over_time({series}[{WINDOW}])"),
        labels,
        annotations,
    }
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
        Labelled::of(settings).by(),
        settings.names.selector(Instrument::Events, &[]),
    )
}

/// Where data gets lost.
const CHECKS: &str = "Check that the service runs and keeps the guard of slo-sdk; that its \
    exporter reaches the collector (OTEL_EXPORTER_OTLP_ENDPOINT, warnings in its log); that the \
    collector sends to this Prometheus";

/// How long a service is remembered that sends nothing any more.
const MEMORY: &str = "1d";

/// The alert for every service that sent something within a day: nobody tells these rules
/// which services there ought to be. One that was taken down on purpose is forgotten a day
/// later.
pub(super) fn of_all(settings: &Settings) -> Rule {
    let by = Labelled::of(settings).by();
    let events = settings.names.selector(Instrument::Events, &[]);
    let expr = format!(
        "count by ({by}) (count_over_time(slo:error_budget:ratio[{MEMORY}]))\n\
         unless on ({by}) count by ({by}) (count_over_time({events}[{WINDOW}]))"
    );
    let service = stuck::service(settings);
    Rule {
        kind: Kind::Alert {
            held_for: Some(HELD_FOR),
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
    }
}
