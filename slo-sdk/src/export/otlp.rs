//! A meter provider that exports over OTLP, as it was settled.

use super::{
    client::{Client, SideChannel},
    histogram::Histogram,
    instruments,
    logs::Logs,
    lost,
    progress::Progress,
    settings::{Plan, Protocol},
    view::room_for_all,
    watched::Watched,
};
use crate::{InitError, notice};
use opentelemetry::{KeyValue, metrics::MeterProvider};
use opentelemetry_otlp::{Compression, MetricExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
};

/// An export that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) provider: SdkMeterProvider,
    pub(crate) progress: Progress,
    pub(crate) zeros_first: bool,
    /// What exports log records, where that is wanted.
    pub(crate) logs: Option<Logs>,
}

/// Starts it, with the instruments in the provider. Durations are exported where they can be,
/// unless nobody wants them.
pub(crate) fn start(plan: &mut Plan, durations: Option<bool>) -> Result<Running, InitError> {
    let wanted = durations != Some(false);
    let exporter = exporter(plan, wanted)?;
    let is_delta = exporter.is_delta();
    let progress = exporter.progress();
    let reader = PeriodicReader::builder(exporter).with_interval(plan.interval);
    let provider = SdkMeterProvider::builder()
        .with_reader(reader.build())
        .with_resource(resource(plan))
        .with_view(room_for_all)
        .build();
    let meter = provider.meter("slo-sdk");
    instruments::register(&meter, !is_delta);
    if is_delta {
        lost::register(&meter);
    }
    progress.set_provider(provider.clone());
    let logs = match plan
        .logs
        .as_ref()
        .map(|logs| Logs::start(logs, resource(plan)))
    {
        Some(Ok(logs)) => Some(logs),
        Some(Err(why)) => {
            let why = plan.logs.take().map(|logs| logs.secrets.hide(&why));
            plan.remarks.push(format!(
                "bad events are not exported as log records: {}",
                why.unwrap_or_default()
            ));
            None
        }
        None => None,
    };
    Ok(Running {
        logs,
        provider,
        progress,
        zeros_first: !is_delta,
    })
}

fn exporter(plan: &mut Plan, durations: bool) -> Result<Watched<MetricExporter>, InitError> {
    let side_channel = SideChannel::default();
    // Its own log would say what is said here.
    let _nobody = notice::silence();
    let built = match build(plan, &side_channel, plan.compression) {
        Err(_) if plan.compression.is_some() => {
            let asked = plan.compression.take();
            let uncompressed = build(plan, &side_channel, None);
            if let (Some(asked), Ok(_)) = (asked, &uncompressed) {
                plan.remarks.push(format!(
                    "OTEL_EXPORTER_OTLP_COMPRESSION is `{asked}`, which is not built in; exports \
                     are not compressed"
                ));
            }
            uncompressed
        }
        built => built,
    };
    let exporter = built.map_err(|why| InitError::Exporter(plan.secrets.hide(&why)))?;
    let histogram = (durations && plan.protocol == Protocol::HttpProtobuf).then(Histogram::new);
    Ok(Watched::new(
        exporter,
        side_channel,
        histogram,
        plan.secrets.clone(),
    ))
}

fn build(
    plan: &Plan,
    side_channel: &SideChannel,
    compression: Option<Compression>,
) -> Result<MetricExporter, String> {
    match plan.protocol {
        Protocol::HttpProtobuf => {
            // The client compresses, once all is in the export that belongs there.
            let gzip = matches!(compression, Some(Compression::Gzip));
            let compression = compression.filter(|_| !gzip);
            let (side_channel, secrets) = (side_channel.clone(), plan.secrets.clone());
            let client = Client::new(
                &plan.target,
                plan.timeout,
                gzip,
                "data points",
                side_channel,
                secrets,
            )?;
            let mut builder = MetricExporter::builder()
                .with_temporality(plan.temporality)
                .with_http()
                .with_http_client(client)
                .with_timeout(plan.timeout)
                .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
                .with_endpoint(plan.target.as_str());
            if let Some(compression) = compression {
                builder = builder.with_compression(compression);
            }
            builder.build().map_err(|error| error.to_string())
        }
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => grpc(plan, compression),
        #[cfg(not(feature = "otlp-grpc"))]
        Protocol::Grpc => Err("gRPC is not built in".to_owned()),
    }
}

#[cfg(feature = "otlp-grpc")]
fn grpc(plan: &Plan, compression: Option<Compression>) -> Result<MetricExporter, String> {
    use opentelemetry_otlp::WithTonicConfig;

    let runtime = grpc_runtime()?;
    let _entered = runtime.enter();
    let mut builder = MetricExporter::builder()
        .with_temporality(plan.temporality)
        .with_tonic()
        .with_timeout(plan.timeout)
        .with_endpoint(plan.target.as_str());
    if let Some(compression) = compression {
        builder = builder.with_compression(compression);
    }
    builder.build().map_err(|error| error.to_string())
}

/// A gRPC channel needs a tokio runtime to live on. The application's may be gone before
/// the last export, or not be there at all, so this one has a thread of its own, which lives
/// as long as the process. A forked child has the runtime without the thread, and makes
/// another one.
#[cfg(feature = "otlp-grpc")]
pub(super) fn grpc_runtime() -> Result<tokio::runtime::Handle, String> {
    use std::{
        process,
        sync::{Mutex, PoisonError},
    };
    use tokio::runtime;
    static RUNTIME: Mutex<Option<(u32, runtime::Handle)>> = Mutex::new(None);

    let mut known = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let handle = match known.take() {
        Some((process, handle)) if process == process::id() => handle,
        _ => {
            let runtime = runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("slo-otlp")
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            let handle = runtime.handle().clone();
            std::mem::forget(runtime);
            handle
        }
    };
    *known = Some((process::id(), handle.clone()));
    Ok(handle)
}

/// Who exports.
fn resource(plan: &Plan) -> Resource {
    Resource::builder()
        .with_service_name(plan.service.clone())
        .with_attribute(KeyValue::new("service.instance.id", plan.instance.clone()))
        .build()
}
