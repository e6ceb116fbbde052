//! `slo.duration`, enclosed in the exports of the SDK.
//!
//! The SDK has no histogram that is observed, only one that each event is recorded to, with a
//! hash and a lock. So the buckets are counted as everything else is, and written into the
//! export here, in the format of OTLP. They are of the same collection as the counters in it, and
//! may be a few events ahead.

use super::{attributes as name, collection};
use crate::{Durations, EndpointCounts, Snapshot};
use opentelemetry::KeyValue;
use opentelemetry_proto::tonic::{
    common::v1::InstrumentationScope,
    metrics::v1::{
        AggregationTemporality, Histogram as Data, HistogramDataPoint, Metric, ScopeMetrics, metric,
    },
};
use opentelemetry_sdk::metrics::Temporality;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What one exporter has exported of it.
#[derive(Debug)]
pub(super) struct Histogram {
    started: SystemTime,
    last: Mutex<Option<Last>>,
}

#[derive(Debug)]
struct Last {
    snapshot: Snapshot,
    at: SystemTime,
}

impl Histogram {
    /// One that measures from now on.
    pub(super) fn new() -> Histogram {
        Histogram {
            started: crate::count::durations::switch_on(),
            last: Mutex::new(None),
        }
    }

    /// What the next export has of it: with delta temporality the events since the last one.
    pub(super) fn next(&self, temporality: Temporality) -> ScopeMetrics {
        let snapshot = collection::latest();
        // A clock that was set back does not make an interval end before it begins.
        let now = SystemTime::now().max(self.started);
        // All else that is exported is observed, and cumulative with low-memory temporality.
        let points = if temporality == Temporality::Delta {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let this = Last {
                snapshot: Snapshot::clone(&snapshot),
                at: now,
            };
            match last.replace(this) {
                Some(last) => points(&snapshot.since(&last.snapshot), last.at, now.max(last.at)),
                None => points(&snapshot, self.started, now),
            }
        } else {
            points(&snapshot, self.started, now)
        };
        in_its_scope(temporality, points)
    }
}

fn points(snapshot: &Snapshot, start: SystemTime, now: SystemTime) -> Vec<HistogramDataPoint> {
    let since_epoch = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let point = |(endpoint, durations): (&EndpointCounts, &Durations)| HistogramDataPoint {
        attributes: vec![
            (&KeyValue::new(name::ENDPOINT, endpoint.name())).into(),
            (&KeyValue::new(name::JOURNEY, endpoint.journey())).into(),
        ],
        start_time_unix_nano: nanoseconds(since_epoch(start)),
        time_unix_nano: nanoseconds(since_epoch(now)),
        count: durations.count(),
        sum: Some(durations.sum().as_secs_f64()),
        bucket_counts: durations.buckets().map(|(_, events)| events).collect(),
        explicit_bounds: durations
            .buckets()
            .filter_map(|(at_most, _)| Some(at_most?.as_secs_f64()))
            .collect(),
        ..HistogramDataPoint::default()
    };
    let measured = |endpoint| Some((endpoint, EndpointCounts::durations(endpoint)?));
    let measured = snapshot.endpoints().iter().filter_map(measured);
    measured.map(point).collect()
}

fn nanoseconds(since_epoch: Duration) -> u64 {
    u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX)
}

fn in_its_scope(temporality: Temporality, data_points: Vec<HistogramDataPoint>) -> ScopeMetrics {
    let temporality = match temporality {
        Temporality::Delta => AggregationTemporality::Delta,
        _ => AggregationTemporality::Cumulative,
    };
    let metric = Metric {
        name: name::DURATION.to_owned(),
        description: "How long good events took".to_owned(),
        unit: "s".to_owned(),
        data: Some(metric::Data::Histogram(Data {
            data_points,
            aggregation_temporality: temporality.into(),
        })),
        ..Metric::default()
    };
    ScopeMetrics {
        scope: Some(InstrumentationScope {
            name: "slo-sdk".to_owned(),
            ..InstrumentationScope::default()
        }),
        metrics: vec![metric],
        ..ScopeMetrics::default()
    }
}
