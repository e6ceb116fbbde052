//! The panels that tell endpoints and consumers apart: which of them fails, and how long it takes.

use super::{
    panel::{Kind, Panel, Query},
    queries::Queries,
};
use crate::{
    definition::Journey,
    outputs::prometheus::{Metric, NOT_FAILED},
    text::grafana::markdown,
};

/// So many are shown of what may be many.
const SHOWN: u32 = 10;

/// The endpoints of the service that failed most, by how they did.
pub(super) fn failing(queries: &Queries<'_>) -> Panel {
    let (endpoint, result) = (queries.label("slo.endpoint"), queries.label("slo.result"));
    let failed = queries.exported_but(Metric::Results, &[], ("slo.result", NOT_FAILED));
    Panel {
        kind: Kind::Counts,
        title: "Failing most: endpoint and result".to_owned(),
        description: "Events that failed in the chosen time, by endpoint and by how they ended."
            .to_owned(),
        queries: vec![Query::new(
            format!(
                "topk({SHOWN}, sum by ({endpoint}, {result}) (increase({failed}[$__range])) > 0)"
            ),
            format!(
                "{} {}",
                queries.value_of(&endpoint),
                queries.value_of(&result)
            ),
        )],
        unit: "short",
        thresholds: vec![(None, "red")],
        runbook: None,
    }
}

/// The failures of a journey over time, by endpoint and result.
pub(super) fn failures(journey: &Journey, queries: &Queries<'_>) -> Panel {
    let (endpoint, result) = (queries.label("slo.endpoint"), queries.label("slo.result"));
    let of_journey = [("slo.journey", &*journey.record.name)];
    let failed = queries.exported_but(Metric::Results, &of_journey, ("slo.result", NOT_FAILED));
    Panel {
        kind: Kind::Lines,
        title: "Failures by endpoint and result".to_owned(),
        description: "Events that failed, per second.".to_owned(),
        queries: vec![Query::new(
            format!("sum by ({endpoint}, {result}) (rate({failed}[$__rate_interval]))"),
            format!(
                "{} {}",
                queries.value_of(&endpoint),
                queries.value_of(&result)
            ),
        )],
        unit: "cps",
        thresholds: vec![(None, "green")],
        runbook: None,
    }
}

/// How long the events of a journey take.
pub(super) fn durations(journey: &Journey, queries: &Queries<'_>) -> Panel {
    let buckets = queries.exported_one_of(
        Metric::DurationBuckets,
        ("slo.endpoint", &journey.endpoints),
    );
    Panel {
        kind: Kind::HeatMap,
        title: "How long events take".to_owned(),
        description: format!(
            "Events of {} by duration, the darker the more. The thresholds of latency objectives \
             are boundaries of buckets, where the layer knows them.",
            markdown(&journey.record.name)
        ),
        queries: vec![Query::new(
            format!("sum by (le) (increase({buckets}[$__rate_interval]))"),
            "{{le}}",
        )],
        unit: "s",
        thresholds: vec![(None, "green")],
        runbook: None,
    }
}

/// Whose events of a journey are bad.
pub(super) fn consumers(journey: &Journey, queries: &Queries<'_>) -> Panel {
    let consumer = queries.label("slo.consumer");
    let bad = queries.exported(
        Metric::ConsumerEvents,
        &[
            ("slo.journey", &*journey.record.name),
            ("slo.outcome", "bad"),
        ],
    );
    Panel {
        kind: Kind::Counts,
        title: "Bad events by consumer".to_owned(),
        description: "Who had bad events in the chosen time, over all SLIs of the journey. Empty \
                      unless consumers are told apart."
            .to_owned(),
        queries: vec![Query::new(
            format!("topk({SHOWN}, sum by ({consumer}) (increase({bad}[$__range])) > 0)"),
            queries.value_of(&consumer),
        )],
        unit: "short",
        thresholds: vec![(None, "red")],
        runbook: None,
    }
}
