//! A program with the given number of endpoints. It is called with what to do, and prints numbers.

use crate::{memory::resident, middle::median};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    metrics::{
        PeriodicReader, SdkMeterProvider, Temporality, data::ResourceMetrics,
        exporter::PushMetricExporter,
    },
};
use prost::Message;
use std::{
    env,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Nobody collects but who is asked to.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// What a program of `grown` is called with.
pub mod modes {
    /// Start, and end.
    pub const NOTHING: &str = "nothing";
    /// Export as `init()` does, to where the environment says.
    pub const EXPORT: &str = "export";
    /// Collect through an application's provider, with our view.
    pub const COLLECT: &str = "collect";
    /// The same without the view.
    pub const COLLECT_WITHOUT_VIEW: &str = "collect-without-view";
    /// End an event of each endpoint, twice.
    pub const COUNT: &str = "count";
}

/// Does it.
///
/// # Errors
/// If the export can't start or fails.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let numbers = match env::args().nth(1).as_deref() {
        Some(modes::EXPORT) => export()?,
        Some(modes::COLLECT) => {
            collect(SdkMeterProvider::builder().with_view(slo_sdk::Builder::view))?
        }
        Some(modes::COLLECT_WITHOUT_VIEW) => collect(SdkMeterProvider::builder())?,
        Some(modes::COUNT) => count(),
        _ => Vec::new(),
    };
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    #[expect(clippy::print_stdout, reason = "its output")]
    {
        println!("{}", words.join(" "));
    }
    Ok(())
}

/// Unix time in microseconds at which it began, microseconds that `init` took, and the resident
/// memory before it and after all was exported.
///
/// `init` exports at once by itself, and whoever flushes exports once more.
fn export() -> Result<Vec<u64>, Box<dyn std::error::Error>> {
    let before = resident();
    let began = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let start = Instant::now();
    let patience = Duration::from_secs(120);
    let builder = slo_sdk::builder()
        .shutdown_timeout(patience)
        .export_timeout(patience);
    let guard = builder.export_interval(NEVER).try_init()?;
    let started = start.elapsed();
    guard.flush()?;
    let after = resident();
    Ok(vec![micros(began), micros(started), before, after])
}

/// Microseconds of one collection, its series, and resident memory before and after.
fn collect(
    builder: opentelemetry_sdk::metrics::MeterProviderBuilder,
) -> Result<Vec<u64>, Box<dyn std::error::Error>> {
    const TIMES: usize = 21;
    let before = resident();
    let scale = Scale::default();
    let reader = PeriodicReader::builder(scale.clone()).with_interval(NEVER);
    let provider = builder.with_reader(reader.build()).build();
    let _guard = slo_sdk::builder().meter_provider(&provider).try_init()?;
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        provider.force_flush()?;
        let weighed = scale.weighed();
        took.push((weighed.at.unwrap_or(start) - start).as_micros() as u64);
    }
    let after = resident();
    Ok(vec![
        median(took),
        scale.weighed().series as u64,
        before,
        after,
    ])
}

/// Nanoseconds of an event, in its endpoint's first one and in the second.
fn count() -> Vec<u64> {
    let endpoints = slo_sdk::layer::endpoints();
    // The clock calibrates itself once.
    if let Some(endpoint) = endpoints.first() {
        endpoint.event().good();
    }
    let each = || {
        let start = Instant::now();
        for endpoint in &endpoints {
            endpoint.event().good();
        }
        start.elapsed().as_nanos() as u64 / endpoints.len() as u64
    };
    vec![each(), each()]
}

fn micros(time: Duration) -> u64 {
    time.as_micros() as u64
}

/// An exporter that takes the time when it gets something, and encodes it.
#[derive(Clone, Debug, Default)]
struct Scale(Arc<Mutex<Weighed>>);

#[derive(Clone, Copy, Debug, Default)]
struct Weighed {
    at: Option<Instant>,
    series: usize,
}

impl Scale {
    fn weighed(&self) -> Weighed {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PushMetricExporter for Scale {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let at = Some(Instant::now());
        let request = ExportMetricsServiceRequest::from(metrics);
        let received = crate::receiver::Received::from_export(&request, request.encoded_len());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Weighed {
            at,
            series: received.series,
        };
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
