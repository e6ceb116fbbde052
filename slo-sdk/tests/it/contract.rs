//! What is exported is what `semconv/registry/slo.yaml` says, and the other way round.

use crate::{collectors::alone, export};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, PeriodicReader, SdkMeterProvider, data::ScopeMetrics,
};
use slo_sdk::{
    Consumer, Ending, Endpoint, Journey, Objectives, endpoint,
    layer::{Deadline, Own, Track},
    millis,
};
use std::collections::{BTreeMap, BTreeSet};

const CALLED: Journey =
    Journey::new("called").objectives(Objectives::new().latency(99.0, millis(100)));

static CALLED_BY: &Endpoint = endpoint!(name = "called-by", journey = CALLED);

pub(crate) type Metrics = BTreeMap<String, (String, BTreeSet<String>)>;

/// Unit and attributes of each metric of the registry, read line by line: the file keeps to
/// one key per line.
pub(crate) fn registry() -> Metrics {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../semconv/registry/slo.yaml");
    let mut metrics = Metrics::new();
    let mut current = None;
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line = line.trim().trim_start_matches("- ");
        if line.starts_with("id: event.") {
            // See `event_log`.
            current = None;
        }
        if let Some(name) = line.strip_prefix("metric_name: ") {
            metrics.insert(name.to_owned(), Default::default());
            current = Some(name.to_owned());
        }
        let Some(metric) = current.as_ref().and_then(|name| metrics.get_mut(name)) else {
            continue;
        };
        if let Some(unit) = line.strip_prefix("unit: ") {
            metric.0 = unit.trim_matches('"').to_owned();
        }
        if let Some(attribute) = line.strip_prefix("ref: ") {
            metric.1.insert(attribute.to_owned());
        }
    }
    metrics
}

#[test]
fn code_and_registry_are_equal() {
    let _alone = alone();
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let guard = slo_sdk::builder()
        .meter_provider(&provider)
        .try_init()
        .unwrap();
    // A consumer has series from its first event on.
    let mut track = Track::start_for(CALLED_BY, Own, Deadline::NONE);
    track = track.with_consumer(Some(Consumer::register("billing")));
    track.end(Ending::Completed);
    provider.force_flush().unwrap();
    drop(guard);

    let mut exported = Metrics::new();
    let exports = exporter.get_finished_metrics().unwrap();
    for metric in exports[0].scope_metrics().flat_map(ScopeMetrics::metrics) {
        let attributes = export::points(metric)
            .into_iter()
            .flat_map(|(attributes, _)| attributes.into_keys());
        exported.insert(
            metric.name().to_owned(),
            (metric.unit().to_owned(), attributes.collect()),
        );
    }
    let mut registry = registry();
    // An exporter of our own has them: see `delta` and `durations`.
    registry.remove("slo.lost");
    registry.remove("slo.duration");
    assert_eq!(exported, registry);
    provider.shutdown().unwrap();
}

#[test]
fn every_result_is_in_the_registry() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../semconv/registry/slo.yaml");
    let registry = std::fs::read_to_string(path).unwrap();
    let values: BTreeSet<_> = registry
        .lines()
        .filter_map(|line| line.trim().strip_prefix("value: "))
        .collect();
    let results = slo_sdk::EventResult::ALL
        .iter()
        .map(|one| one.as_str())
        .collect::<Vec<_>>();
    assert_eq!(
        values,
        results
            .into_iter()
            .chain(["good", "bad", "excluded"])
            .collect()
    );
}
