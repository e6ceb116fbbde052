//! An exporter whose results do not go unnoticed.

use super::{
    address::Secrets,
    client::SideChannel,
    health::{Verdict, Watch},
    histogram::Histogram,
    lost::{Batch, Deltas},
    progress::Progress,
    zeros,
};
use crate::notice;
use opentelemetry_sdk::{
    error::{OTelSdkError, OTelSdkResult},
    metrics::{Temporality, data::ResourceMetrics, exporter::PushMetricExporter},
};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::Duration,
};

#[derive(Debug)]
pub(super) struct Watched<E> {
    exporter: E,
    side_channel: SideChannel,
    histogram: Option<Histogram>,
    watch: Watch,
    deltas: Deltas,
    progress: Progress,
    secrets: Secrets,
    /// True once it was said that durations can't be enclosed.
    left_out: AtomicBool,
}

impl<E: PushMetricExporter> Watched<E> {
    /// The exporter, how it talks to its client, and what is enclosed in each export.
    pub(super) fn new(
        exporter: E,
        side_channel: SideChannel,
        histogram: Option<Histogram>,
        secrets: Secrets,
    ) -> Watched<E> {
        Watched {
            exporter,
            side_channel,
            histogram,
            watch: Watch::new(),
            deltas: Deltas::default(),
            progress: Progress::default(),
            secrets,
            left_out: AtomicBool::new(false),
        }
    }

    /// What comes of its exports.
    pub(super) fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// True where a failed export is lost. Low-memory temporality is cumulative here: all
    /// instruments are observable.
    pub(super) fn is_delta(&self) -> bool {
        matches!(self.exporter.temporality(), Temporality::Delta)
    }
}

impl<E> Watched<E> {
    /// Whether an export that failed may have arrived: the answer was lost, or did not come.
    fn may_have_arrived(&self, result: &OTelSdkResult) -> bool {
        let over_grpc = match result {
            Err(OTelSdkError::Timeout(_)) => true,
            Err(error) => error.to_string().contains("DeadlineExceeded"),
            Ok(()) => false,
        };
        self.side_channel.take_may_have_arrived() || over_grpc
    }
}

/// Polls an export with nobody listening to what is logged meanwhile: OpenTelemetry's exporter
/// says each failure, and how often it tries again.
pub(super) async fn unheard<F: Future>(export: F) -> F::Output {
    let mut export = pin!(export);
    poll_fn(|context| {
        let _nobody = notice::silence();
        export.as_mut().poll(context)
    })
    .await
}

impl<E: PushMetricExporter> PushMetricExporter for Watched<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        if let Some(histogram) = &self.histogram {
            // A panic would end the reader's thread and with it all export.
            let next = AssertUnwindSafe(|| histogram.next(self.exporter.temporality()));
            let extra_metrics = catch_unwind(next);
            if extra_metrics.is_err() {
                tracing::error!("a panic while durations were collected; they are missing once");
            }
            self.side_channel.set_extra_metrics(extra_metrics.ok());
        }
        let batch = self.is_delta().then(|| Batch::from_metrics(metrics));
        if batch.is_some_and(|batch| !self.deltas.begin(batch)) {
            self.progress.ended(None, false);
            return Ok(());
        }
        let held_back = zeros::take_held_back();
        // An export that fails before a request must not be explained by the last one.
        self.side_channel.take_complaint();
        let result = unheard(self.exporter.export(metrics)).await;
        if let Some(batch) = batch {
            batch.ended(result.is_ok());
        }
        let verdict = match (&result, self.side_channel.take_complaint()) {
            (Ok(()), None) => Verdict::Taken,
            (Ok(()), Some(complaint)) => Verdict::Questioned(complaint),
            (Err(_), Some(reason)) => Verdict::Failed(reason),
            (Err(error), None) => Verdict::Failed(self.secrets.hide(&error.to_string())),
        };
        self.watch.note(&verdict, batch.is_some());
        if self.side_channel.take_left_out() && !self.left_out.swap(true, Relaxed) {
            notice::warn(format_args!(
                "slo.duration is not exported: it can't be enclosed in an export that is compressed \
                 otherwise than by gzip"
            ));
        }
        let failure = match verdict {
            Verdict::Failed(reason) => Some(reason),
            Verdict::Taken | Verdict::Questioned(_) => None,
        };
        let is_taken = failure.is_none();
        if is_taken || self.may_have_arrived(&result) {
            zeros::are_over();
        }
        self.progress.ended(failure, held_back);
        if held_back {
            // Whatever is exported next has another timestamp.
            thread::sleep(zeros::GAP);
            if is_taken {
                self.progress.counts_follow();
            }
        }
        // The reader would say each failure again.
        Ok(())
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
