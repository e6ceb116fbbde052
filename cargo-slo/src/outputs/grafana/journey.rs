//! The panels of a journey and of its SLOs.

use super::{
    endpoints,
    grid::Grid,
    panel::{Kind, Panel, Query},
    queries::Queries,
    service::budget_colours,
};
use crate::{
    definition::{Journey, Service, Sli, Slo},
    outputs::{
        facts,
        prometheus::{Metric, duration},
    },
    text::grafana::{address, literal, markdown},
};
use slo_model::{Decimal, record::EndpointRecord};

/// Adds a row with the journey's events, its jobs and its SLOs.
pub(super) fn add(grid: &mut Grid, service: &Service, journey: &Journey, queries: &Queries<'_>) {
    let record = &journey.record;
    let title = match &*record.title {
        "" => format!("Journey {}", record.name),
        title => format!("Journey {}: {title}", record.name),
    };
    grid.row(&literal(&title));
    grid.line(
        7,
        &[
            (16, results(journey, queries)),
            (8, in_flight(journey, queries)),
        ],
    );
    grid.line(
        8,
        &[
            (9, endpoints::failures(journey, queries)),
            (9, endpoints::durations(journey, queries)),
            (6, endpoints::consumers(journey, queries)),
        ],
    );
    let jobs: Vec<_> = service
        .endpoints_of(&record.name)
        .filter_map(|endpoint| last_success(endpoint, queries))
        .map(|panel| (8, panel))
        .collect();
    for line in jobs.chunks(3) {
        grid.line(6, line);
    }
    let slos = service.slos.iter();
    for slo in slos.filter(|slo| slo.identity.journey == record.name) {
        grid.line(
            8,
            &[
                (4, budget_left(slo, queries)),
                (8, burn_rates(slo, queries)),
                (6, good_and_bad(slo, queries)),
                (6, share(slo, queries)),
            ],
        );
    }
}

fn results(journey: &Journey, queries: &Queries<'_>) -> Panel {
    let name = &journey.record.name;
    let ended = queries.exported(Metric::Results, &[("slo.journey", name)]);
    let result = queries.label("slo.result");
    Panel {
        kind: Kind::Stack,
        title: "Events by result".to_owned(),
        description: format!(
            "How the events of {} ended, per second, the excluded ones included. Endpoints: {}.",
            markdown(name),
            markdown(&journey.endpoints.join(", "))
        ),
        queries: vec![Query::new(
            format!("sum by ({result}) (rate({ended}[$__rate_interval]))"),
            queries.value_of(&result),
        )],
        unit: "cps",
        thresholds: vec![(None, "green")],
        runbook: None,
    }
}

fn in_flight(journey: &Journey, queries: &Queries<'_>) -> Panel {
    let panels = journey.endpoints.iter().map(|endpoint| {
        let started = queries.exported(Metric::InFlight, &[("slo.endpoint", endpoint)]);
        Query::new(format!("sum({started})"), literal(endpoint))
    });
    Panel {
        kind: Kind::Lines,
        title: "In flight by endpoint".to_owned(),
        description: "Events that have started and not ended.".to_owned(),
        queries: panels.collect(),
        unit: "none",
        thresholds: vec![(None, "green")],
        runbook: None,
    }
}

/// For a job: how long ago it last succeeded.
fn last_success(endpoint: &EndpointRecord, queries: &Queries<'_>) -> Option<Panel> {
    let every = endpoint.every?;
    let last = queries.exported(Metric::LastSuccess, &[("slo.endpoint", &endpoint.name)]);
    Some(Panel {
        kind: Kind::Stat,
        title: format!("Since the last success of {}", literal(&endpoint.name)),
        description: format!(
            "The job is expected to succeed every {every:?}. Before its first success the time \
             counts from 1970."
        ),
        queries: vec![Query::new(format!("time() - max({last})"), "ago")],
        unit: "s",
        thresholds: vec![
            (None, "green"),
            (
                Some(Decimal::new(every.as_nanos(), 1_000_000_000)),
                "orange",
            ),
            (
                Some(Decimal::new(every.as_nanos() * 2, 1_000_000_000)),
                "red",
            ),
        ],
        runbook: address(&endpoint.runbook),
    })
}

fn budget_left(slo: &Slo, queries: &Queries<'_>) -> Panel {
    let mut description = markdown(&facts::promise(slo));
    if !slo.owner.is_empty() {
        description += &format!(" Owner: {}.", markdown(&slo.owner));
    }
    Panel {
        kind: Kind::Stat,
        title: format!("{}: budget left", literal(&facts::title(slo))),
        description,
        queries: vec![Query::new(
            queries.recorded(slo, "slo:error_budget_left:ratio"),
            queries.legend("left"),
        )],
        unit: "percentunit",
        thresholds: budget_colours(),
        runbook: address(&slo.runbook),
    }
}

fn burn_rates(slo: &Slo, queries: &Queries<'_>) -> Panel {
    let budget = queries.declared(slo, "slo:error_budget:ratio");
    // The windows of all conditions are recorded, whether one can fire or not.
    let windows = queries.windows(slo);
    let rates = windows.into_iter().map(|minutes| {
        let window = duration(minutes);
        let ratio = queries.recorded(slo, &format!("slo:error:ratio{window}"));
        Query::new(
            format!("{ratio} / scalar({budget})"),
            queries.legend(&window),
        )
    });
    let mut thresholds: Vec<_> = queries
        .conditions(slo)
        .iter()
        .map(|condition| {
            let colour = match condition.severity {
                slo_model::burn_rate::Severity::Page => "red",
                slo_model::burn_rate::Severity::Ticket => "yellow",
            };
            (Some(condition.factor), colour)
        })
        .collect();
    // From the lowest to the highest, as Grafana wants them.
    thresholds.push((None, "green"));
    thresholds.reverse();
    thresholds.dedup_by(|a, b| a.0 == b.0);
    Panel {
        kind: Kind::Lines,
        title: "Burn rate by window".to_owned(),
        description: "How many times as fast as sustainable the error budget burns, over each \
                      window of the alerts. The dashed lines are where they fire: a page above the \
                      red ones, a ticket above the yellow ones."
            .to_owned(),
        queries: rates.collect(),
        unit: "none",
        thresholds,
        runbook: None,
    }
}

fn good_and_bad(slo: &Slo, queries: &Queries<'_>) -> Panel {
    let events = queries.events(slo);
    let outcome = queries.label("slo.outcome");
    Panel {
        kind: Kind::Stack,
        title: "Good and bad events".to_owned(),
        description: "Valid events per second, by what they mean for this SLO.".to_owned(),
        queries: vec![Query::new(
            format!("sum by ({outcome}) (rate({events}[$__rate_interval]))"),
            queries.value_of(&outcome),
        )],
        unit: "cps",
        thresholds: vec![(None, "green")],
        runbook: None,
    }
}

/// The share of good events beside the target: for latency, of those within the threshold.
fn share(slo: &Slo, queries: &Queries<'_>) -> Panel {
    let (title, description) = match &slo.sli {
        Sli::Availability => (
            "Availability against the target".to_owned(),
            "The share of valid events that did not fail.",
        ),
        Sli::Latency { threshold, .. } => (
            format!("Within {threshold:?} against the target"),
            "The share of valid events that ended in time. Each is compared with the threshold \
             where it is counted, so the share is exact and no histogram is needed.",
        ),
    };
    let shortest = queries.windows(slo).first().copied().unwrap_or(60);
    let windows = std::collections::BTreeSet::from([shortest, 60]);
    let good = windows.into_iter().map(|minutes| {
        let window = duration(minutes);
        let bad = queries.recorded(slo, &format!("slo:error:ratio{window}"));
        Query::new(format!("1 - {bad}"), queries.legend(&window))
    });
    let target = queries.declared(slo, "slo:objective:ratio");
    Panel {
        kind: Kind::Lines,
        title,
        description: description.to_owned(),
        queries: good.chain([Query::new(target, "target")]).collect(),
        unit: "percentunit",
        thresholds: vec![(None, "red"), (Some(slo.target.ratio()), "green")],
        runbook: None,
    }
}
