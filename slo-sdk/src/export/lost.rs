//! Events that a failed export took with it.
//!
//! With delta temporality an export has the events since the one before, and the SDK forgets
//! them however it went. To send them again with the next would count those twice whose
//! export arrived and only its answer did not. So they are counted as lost.

use super::attributes::{LOST as INSTRUMENT, RESULTS, UNANNOTATED};
use opentelemetry::metrics::Meter;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics, SumDataPoint,
};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Events in failed exports.
static LOST: AtomicU64 = AtomicU64::new(0);
/// How many of them a collector was told of.
static TOLD: AtomicU64 = AtomicU64::new(0);
/// Events in any export.
static COLLECTED: AtomicU64 = AtomicU64::new(0);

/// Events lost so far.
pub(super) fn total() -> u64 {
    LOST.load(Relaxed)
}

/// Creates the instrument. Its own delta is lost with an export as well, so each collection
/// adds what no collector was told of yet.
pub(super) fn register(meter: &Meter) {
    let observed = AtomicU64::new(0);
    let _ = meter
        .u64_observable_counter(INSTRUMENT)
        .with_unit("{event}")
        .with_description("Events whose export failed under delta temporality")
        .with_callback(move |observer| {
            let untold = total().saturating_sub(TOLD.load(Relaxed));
            observer.observe(observed.fetch_add(untold, Relaxed) + untold, &[]);
        })
        .build();
}

/// The events of one export.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    events: u64,
    told: u64,
}

impl Batch {
    pub(super) fn from_metrics(metrics: &ResourceMetrics) -> Batch {
        let sum = |name| {
            metrics
                .scope_metrics()
                .flat_map(ScopeMetrics::metrics)
                .filter(|metric| metric.name() == name)
                .map(sum)
                .sum::<u64>()
        };
        Batch {
            events: sum(RESULTS) + sum(UNANNOTATED),
            told: sum(INSTRUMENT),
        }
    }

    pub(super) fn ended(self, taken: bool) {
        if taken {
            TOLD.fetch_add(self.told, Relaxed);
        } else {
            LOST.fetch_add(self.events, Relaxed);
        }
    }
}

fn sum(metric: &Metric) -> u64 {
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(SumDataPoint::value).sum()
        }
        _ => 0,
    }
}

/// The deltas of one exporter. They begin at 0, whatever an exporter before it has sent.
#[derive(Debug, Default)]
pub(super) struct Deltas {
    begun: AtomicBool,
}

impl Deltas {
    /// Takes note of a batch; false where it is the first and repeats what the exporter
    /// before it has sent. Events since then, when nobody exported, are lost.
    pub(super) fn begin(&self, batch: Batch) -> bool {
        let before = COLLECTED.load(Relaxed);
        if self.begun.swap(true, Relaxed) || before == 0 {
            COLLECTED.fetch_add(batch.events, Relaxed);
            return true;
        }
        COLLECTED.store(batch.events, Relaxed);
        LOST.fetch_add(batch.events.saturating_sub(before), Relaxed);
        false
    }
}
