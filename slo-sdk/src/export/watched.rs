//! An exporter whose results do not go unnoticed.

use super::{
    client::Wire,
    health::{Verdict, Watch},
    histogram::Histogram,
    lost::{Batch, Deltas},
};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    metrics::{Temporality, data::ResourceMetrics, exporter::PushMetricExporter},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

#[derive(Debug)]
pub(super) struct Watched<E> {
    exporter: E,
    wire: Wire,
    histogram: Option<Histogram>,
    watch: Watch,
    deltas: Deltas,
}

impl<E: PushMetricExporter> Watched<E> {
    /// The exporter, how it talks to its client, and what is enclosed in each export.
    pub(super) fn new(exporter: E, wire: Wire, histogram: Option<Histogram>) -> Watched<E> {
        Watched {
            exporter,
            wire,
            histogram,
            watch: Watch::new(),
            deltas: Deltas::default(),
        }
    }

    /// True where a failed export is lost. Low-memory temporality is cumulative here: all
    /// instruments are observable.
    pub(super) fn is_delta(&self) -> bool {
        matches!(self.exporter.temporality(), Temporality::Delta)
    }
}

impl<E: PushMetricExporter> PushMetricExporter for Watched<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        if let Some(histogram) = &self.histogram {
            // A panic would end the reader's thread and with it all export.
            let next = AssertUnwindSafe(|| histogram.next(self.exporter.temporality()));
            let enclosed = catch_unwind(next);
            if enclosed.is_err() {
                tracing::error!("a panic while durations were collected; they are missing once");
            }
            self.wire.enclose(enclosed.ok());
        }
        let batch = self.is_delta().then(|| Batch::of(metrics));
        if batch.is_some_and(|batch| !self.deltas.begin(batch)) {
            return Ok(());
        }
        // An export that fails before a request must not be explained by the last one.
        self.wire.take_said();
        let result = self.exporter.export(metrics).await;
        if let Some(batch) = batch {
            batch.ended(result.is_ok());
        }
        let verdict = match (&result, self.wire.take_said()) {
            (Ok(()), None) => Verdict::Taken,
            (Ok(()), Some(complaint)) => Verdict::Questioned(complaint),
            (Err(_), Some(reason)) => Verdict::Failed(reason),
            (Err(error), None) => Verdict::Failed(error.to_string()),
        };
        self.watch.note(&verdict, batch.is_some());
        result
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.exporter.temporality()
    }
}
