//! A logger provider that exports log records of events over OTLP, as it was settled.

use super::{
    address::Secrets,
    client::{Client, SideChannel},
    settings::{LogsPlan, Protocol},
    watched::unheard,
};
use crate::{
    event_log::{self, Record, Sink},
    notice,
};
use opentelemetry_otlp::{Compression, LogExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    logs::{BatchLogProcessor, LogBatch, SdkLoggerProvider},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

/// Records that may wait for the collector: what the SDK's queue takes and never says it lost.
const MAX_WAITING: usize = 2_048;

/// An export of log records that runs.
#[derive(Clone, Debug)]
pub(crate) struct Logs {
    provider: SdkLoggerProvider,
    waiting: Arc<AtomicUsize>,
}

impl Logs {
    /// Starts it. The records of this resource go where the plan says.
    ///
    /// # Errors
    /// Why there is no exporter.
    pub(super) fn start(plan: &LogsPlan, resource: Resource) -> Result<Logs, String> {
        let (side_channel, waiting) = (SideChannel::default(), Arc::default());
        // Its own log would say what is said here.
        let _nobody = notice::silence();
        let exporter = Watched {
            exporter: build(plan, &side_channel)?,
            side_channel,
            secrets: plan.secrets.clone(),
            waiting: Arc::clone(&waiting),
            is_failing: AtomicBool::new(false),
        };
        let config = opentelemetry_sdk::logs::BatchConfigBuilder::default()
            .with_max_queue_size(MAX_WAITING)
            .build();
        let processor = BatchLogProcessor::builder(exporter).with_batch_config(config);
        let provider = SdkLoggerProvider::builder()
            .with_log_processor(processor.build())
            .with_resource(resource);
        Ok(Logs {
            provider: provider.build(),
            waiting,
        })
    }

    /// Who takes the records.
    pub(crate) fn sink(&self) -> Arc<dyn Sink> {
        Arc::new(Bounded {
            logger: event_log::logger(&self.provider),
            waiting: Arc::clone(&self.waiting),
        })
    }

    /// True where something waits to be exported.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.load(Relaxed) > 0
    }

    /// Exports what waits.
    pub(crate) fn flush(&self) {
        // Why it failed was said by the exporter.
        let _ = self.provider.force_flush();
    }

    /// Exports what waits, for the last time.
    pub(crate) fn finish(&self, timeout: Duration) {
        let _ = self.provider.shutdown_with_timeout(timeout);
    }
}

fn build(plan: &LogsPlan, side_channel: &SideChannel) -> Result<LogExporter, String> {
    match plan.protocol {
        Protocol::HttpProtobuf => {
            let gzip = matches!(plan.compression, Some(Compression::Gzip));
            let client = Client::new(
                &plan.target,
                plan.timeout,
                gzip,
                "log records",
                side_channel.clone(),
                plan.secrets.clone(),
            )?;
            let builder = LogExporter::builder()
                .with_http()
                .with_http_client(client)
                .with_timeout(plan.timeout)
                .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
                .with_endpoint(plan.target.as_str());
            builder.build().map_err(|error| error.to_string())
        }
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => {
            let runtime = super::otlp::grpc_runtime()?;
            let _entered = runtime.enter();
            let builder = LogExporter::builder()
                .with_tonic()
                .with_timeout(plan.timeout)
                .with_endpoint(plan.target.as_str());
            builder.build().map_err(|error| error.to_string())
        }
        #[cfg(not(feature = "otlp-grpc"))]
        Protocol::Grpc => Err("gRPC is not built in".to_owned()),
    }
}

/// Hands records to the SDK as long as its queue has room, so that those which it would lose are
/// suppressed, and counted.
#[derive(Debug)]
struct Bounded {
    logger: Arc<dyn Sink>,
    waiting: Arc<AtomicUsize>,
}

impl Sink for Bounded {
    fn has_room(&self) -> bool {
        self.waiting.load(Relaxed) < MAX_WAITING
    }

    fn emit(&self, record: Record) {
        self.waiting.fetch_add(1, Relaxed);
        self.logger.emit(record);
    }
}

/// An exporter whose failures are said once.
#[derive(Debug)]
struct Watched {
    exporter: LogExporter,
    side_channel: SideChannel,
    secrets: Secrets,
    waiting: Arc<AtomicUsize>,
    is_failing: AtomicBool,
}

impl Watched {
    fn note(&self, complaint: Option<&str>) {
        let was_failing = self.is_failing.swap(complaint.is_some(), Relaxed);
        match complaint {
            Some(complaint) if !was_failing => notice::warn(format_args!(
                "bad events can't be exported as log records: {complaint}; the counts are not \
                 touched by it, and OTEL_LOGS_EXPORTER=none switches the records off"
            )),
            None if was_failing => {
                notice::info(format_args!("bad events are exported as log records again"));
            }
            _ => {}
        }
    }
}

impl opentelemetry_sdk::logs::LogExporter for Watched {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let records = batch.iter().count();
        // An export that fails before a request must not be explained by the last one.
        self.side_channel.take_complaint();
        let result = unheard(self.exporter.export(batch)).await;
        self.waiting.fetch_sub(records, Relaxed);
        let complaint = self.side_channel.take_complaint();
        let error = || Some(self.secrets.hide(&result.as_ref().err()?.to_string()));
        self.note(complaint.or_else(error).as_deref());
        // The processor would say each failure again.
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
