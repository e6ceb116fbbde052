//! Middlewares that record with OpenTelemetry's instruments, each into a provider of its own.

use crate::{contest::Contest, router::bare};
use opentelemetry::metrics::MeterProvider;
use std::time::Duration;

/// Nobody collects while it is measured.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// A provider of an SDK, and a reader of how many durations its exporter holds. Two versions
/// of the SDK have the same names and no type in common.
macro_rules! provider {
    ($sdk:ident) => {{
        use $sdk::metrics::{
            InMemoryMetricExporter, PeriodicReader, SdkMeterProvider,
            data::{AggregatedMetrics, HistogramDataPoint, Metric, MetricData, ScopeMetrics},
        };
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).with_interval(NEVER);
        let provider = SdkMeterProvider::builder()
            .with_reader(reader.build())
            .build();
        let durations = |metric: &Metric| match metric.data() {
            AggregatedMetrics::F64(MetricData::Histogram(histogram))
                if metric.name() == "http.server.request.duration" =>
            {
                histogram
                    .data_points()
                    .map(HistogramDataPoint::count)
                    .sum::<u64>()
            }
            _ => 0,
        };
        let flushed = provider.clone();
        let recorded = move || {
            flushed.force_flush().expect("memory takes everything");
            let exports = exporter
                .get_finished_metrics()
                .expect("it was just exported");
            let last = exports.last().expect("it was just exported");
            let metrics = last.scope_metrics().flat_map(ScopeMetrics::metrics);
            metrics.map(durations).sum::<u64>()
        };
        (provider, recorded)
    }};
}

pub(crate) fn enter(contest: &mut Contest) {
    let (provider, recorded) = provider!(opentelemetry_sdk);
    opentelemetry::global::set_meter_provider(provider);
    let layer = opentelemetry_instrumentation_tower::http::server::LayerBuilder::builder()
        .with_tracing(false)
        .build()
        .unwrap_or_else(|_| panic!("opentelemetry-instrumentation-tower makes no layer"));
    let case = contest.requests(
        "otel-instrumentation-tower",
        "opentelemetry-instrumentation-tower 0.19, metrics only",
        bare().layer(layer),
    );
    contest.enter(case, recorded);

    let (provider, recorded) = provider!(opentelemetry_sdk);
    let case = contest.requests(
        "tower-otel",
        "tower-otel 0.12, metrics",
        bare().layer(tower_otel::metrics::HttpLayer::server(
            &provider.meter("peers"),
        )),
    );
    contest.enter(case, recorded);

    let (provider, recorded) = provider!(opentelemetry_sdk_032);
    let layer = axum_otel_metrics::HttpMetricsLayerBuilder::new().with_provider(provider);
    let case = contest.requests(
        "axum-otel-metrics",
        "axum-otel-metrics 0.14",
        bare().layer(layer.build()),
    );
    contest.enter(case, recorded);
}
