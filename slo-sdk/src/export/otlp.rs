//! A meter provider that exports over OTLP, as the standard `OTEL_*` variables say.

use super::{
    client::{Client, Wire},
    histogram::Histogram,
    instruments, lost,
    view::room_for_all,
    watched::Watched,
};
use crate::InitError;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_otlp::{MetricExporter, Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
};
use std::{env, time::Duration};

/// What the application set, over what the environment says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) service_name: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) export_interval: Option<Duration>,
    pub(crate) export_timeout: Option<Duration>,
}

/// True where the environment switches metrics off.
pub(crate) fn is_disabled() -> bool {
    variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || variable("OTEL_METRICS_EXPORTER").is_some_and(|value| value == "none")
}

/// The provider, with the instruments in it. Durations are exported where they can be, unless
/// nobody wants them.
pub(crate) fn provider(
    settings: Settings,
    durations: Option<bool>,
) -> Result<SdkMeterProvider, InitError> {
    let wanted = durations != Some(false);
    let exporter = exporter(settings.endpoint, settings.export_timeout, wanted)?;
    let is_delta = exporter.is_delta();
    let mut reader = PeriodicReader::builder(exporter);
    if let Some(interval) = settings.export_interval {
        reader = reader.with_interval(interval);
    }
    let provider = SdkMeterProvider::builder()
        .with_reader(reader.build())
        .with_resource(resource(settings.service_name))
        .with_view(room_for_all)
        .build();
    let meter = provider.meter("slo-sdk");
    instruments::register(&meter);
    if is_delta {
        lost::register(&meter);
    }
    Ok(provider)
}

fn exporter(
    endpoint: Option<String>,
    timeout: Option<Duration>,
    durations: bool,
) -> Result<Watched<MetricExporter>, InitError> {
    let endpoint = endpoint.map(|base| base.trim_end_matches('/').to_owned());
    let timeout = timeout
        .or_else(|| milliseconds("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"))
        .or_else(|| milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT"))
        .unwrap_or(Duration::from_secs(10));
    let target = endpoint
        .clone()
        .or_else(|| variable("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
        .or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT"));
    if let Some(target) = target
        && target.starts_with("https:")
        && !cfg!(feature = "otlp-tls")
    {
        return Err(InitError::NoTls(target));
    }
    let protocol = variable("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL")
        .or_else(|| variable("OTEL_EXPORTER_OTLP_PROTOCOL"));
    match protocol.as_deref() {
        None | Some("http/protobuf") => {
            let wire = Wire::default();
            let client = Client::new(timeout, wire.clone()).map_err(InitError::Exporter)?;
            let mut builder = MetricExporter::builder()
                .with_http()
                .with_http_client(client)
                .with_timeout(timeout)
                .with_protocol(Protocol::HttpBinary);
            if let Some(base) = endpoint {
                builder = builder.with_endpoint(format!("{base}/v1/metrics"));
            }
            let exporter = builder
                .build()
                .map_err(|error| InitError::Exporter(error.to_string()))?;
            let histogram = durations.then(Histogram::new);
            Ok(Watched::new(exporter, wire, histogram))
        }
        #[cfg(feature = "otlp-grpc")]
        Some("grpc") => {
            let exporter = grpc(endpoint, timeout)?;
            Ok(Watched::new(exporter, Wire::default(), None))
        }
        Some(other) => Err(InitError::Protocol(other.to_owned())),
    }
}

/// A gRPC channel needs a tokio runtime to live on. The application's may be gone before
/// the last export, or not be there at all, so this one has a thread of its own, which lives
/// as long as the process. A forked child has the runtime without the thread, and makes
/// another one.
#[cfg(feature = "otlp-grpc")]
fn grpc(endpoint: Option<String>, timeout: Duration) -> Result<MetricExporter, InitError> {
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
                .map_err(|error| InitError::Exporter(error.to_string()))?;
            let handle = runtime.handle().clone();
            std::mem::forget(runtime);
            handle
        }
    };
    let _entered = handle.enter();
    *known = Some((process::id(), handle.clone()));
    drop(known);
    let mut builder = MetricExporter::builder().with_tonic().with_timeout(timeout);
    if let Some(base) = endpoint {
        builder = builder.with_endpoint(base);
    }
    builder
        .build()
        .map_err(|error| InitError::Exporter(error.to_string()))
}

/// The service is named by the application, else by the environment, else after its
/// executable, which is also what `cargo slo` calls it.
fn resource(service_name: Option<String>) -> Resource {
    let named_by_environment = variable("OTEL_SERVICE_NAME").is_some()
        || variable("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|list| {
            list.split(',')
                .any(|pair| pair.trim_start().starts_with("service.name="))
        });
    let name = service_name.or_else(|| {
        if named_by_environment {
            None
        } else {
            executable()
        }
    });
    match name {
        Some(name) => Resource::builder().with_service_name(name).build(),
        None => Resource::builder().build(),
    }
}

fn executable() -> Option<String> {
    let path = env::current_exe().ok()?;
    slo_model::service_name(&path).map(str::to_owned)
}

fn milliseconds(name: &str) -> Option<Duration> {
    variable(name)?.parse().ok().map(Duration::from_millis)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
