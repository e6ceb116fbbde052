//! The export through a provider the application has.

use crate::collectors::alone;
use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, PeriodicReader, SdkMeterProvider,
    data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics},
};
use slo_sdk::{Journey, Objectives, slo};
use std::collections::BTreeMap;

const COUNTED: Journey = Journey::new("counted")
    .owner("team-a")
    .objectives(Objectives::new().availability(99.9));

#[slo(journey = COUNTED, availability = 99.95%)]
fn counted_once() {}

/// The points of a metric: attributes and value.
pub(crate) fn points(metric: &Metric) -> Vec<(BTreeMap<String, String>, f64)> {
    fn texts<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> BTreeMap<String, String> {
        attributes
            .map(|pair| (pair.key.to_string(), pair.value.to_string()))
            .collect()
    }
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => sum
            .data_points()
            .map(|p| (texts(p.attributes()), p.value() as f64))
            .collect(),
        AggregatedMetrics::I64(MetricData::Sum(sum)) => sum
            .data_points()
            .map(|p| (texts(p.attributes()), p.value() as f64))
            .collect(),
        AggregatedMetrics::U64(MetricData::Gauge(gauge)) => gauge
            .data_points()
            .map(|p| (texts(p.attributes()), p.value() as f64))
            .collect(),
        AggregatedMetrics::F64(MetricData::Gauge(gauge)) => gauge
            .data_points()
            .map(|p| (texts(p.attributes()), p.value()))
            .collect(),
        other => panic!("unexpected {other:?}"),
    }
}

type Sums = BTreeMap<(String, String), f64>;

/// The sums of one endpoint in the newest export, by metric and by result or outcome.
fn sums(exporter: &InMemoryMetricExporter, endpoint: &str) -> Sums {
    let exports = exporter.get_finished_metrics().unwrap();
    let mut sums = Sums::new();
    for metric in exports
        .last()
        .unwrap()
        .scope_metrics()
        .flat_map(ScopeMetrics::metrics)
    {
        for (attributes, value) in points(metric) {
            if attributes
                .get("slo.endpoint")
                .is_some_and(|name| name == endpoint)
            {
                let kind = attributes
                    .get("slo.result")
                    .or(attributes.get("slo.outcome"));
                sums.insert(
                    (metric.name().to_owned(), kind.cloned().unwrap_or_default()),
                    value,
                );
            }
        }
    }
    sums
}

#[test]
fn results_and_events_in_flight_are_of_the_same_moment() {
    let _alone = alone();
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let guard = slo_sdk::builder()
        .meter_provider(&provider)
        .try_init()
        .unwrap();

    let slo = slo_sdk::testing::recorder();
    std::thread::scope(|scope| {
        scope.spawn(|| (0..50_000).for_each(|_| counted_once()));
        for _ in 0..20 {
            provider.force_flush().unwrap();
            let sums = sums(&exporter, "counted-once");
            let of = |metric: &str| -> f64 {
                sums.iter()
                    .filter(|((m, _), _)| m == metric)
                    .map(|(_, value)| value)
                    .sum()
            };
            // Every event that has ended is a good one, in each export.
            assert_eq!(of("slo.events"), of("slo.results"));
            assert!(of("slo.in_flight") >= 0.0);
        }
    });
    provider.force_flush().unwrap();
    let sums = sums(&exporter, "counted-once");
    let counted = slo.endpoint("counted-once").started() as f64;
    assert_eq!(sums[&("slo.events".to_owned(), "good".to_owned())], counted);
    assert_eq!(sums[&("slo.results".to_owned(), "ok".to_owned())], counted);
    assert_eq!(sums[&("slo.objective".to_owned(), String::new())], 0.9995);
    // Thanos would refuse it, and the counts beside it.
    let exports = exporter.get_finished_metrics().unwrap();
    let metrics = exports.iter().flat_map(ResourceMetrics::scope_metrics);
    for metric in metrics.flat_map(ScopeMetrics::metrics) {
        for (attributes, _) in points(metric) {
            let mut values = attributes.values();
            assert!(
                values.all(|value| !value.is_empty()),
                "{}: {attributes:?}",
                metric.name()
            );
        }
    }
    drop(guard);
    provider.shutdown().unwrap();
}
