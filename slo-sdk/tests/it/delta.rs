//! Delta temporality: what a failed export loses is counted and said.

use crate::{
    child::is_child,
    collector::{Behaviour, Collector, FINE, eventually, metrics, sums},
    contract,
};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use slo_sdk::{FlushError, Guard, Journey, Objectives, export_health, slo};
use std::{collections::BTreeMap, time::Duration};

const PREFERENCE: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";

const REFUSAL: Behaviour = Behaviour::Answers(
    b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
);

const DELTA: Journey = Journey::new("delta").objectives(Objectives::new().availability(99.0));

#[slo(journey = DELTA)]
fn differed() {}

fn count(events: usize) {
    (0..events).for_each(|_| differed());
}

/// Exports when it is flushed.
fn start(collector: &Collector) -> Guard {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .export_timeout(Duration::from_secs(30))
        .shutdown_timeout(Duration::from_secs(30))
        .try_init()
        .unwrap()
}

/// Everything the collector was ever told: events of the endpoint, and lost ones.
fn told(collector: &Collector) -> (u64, u64) {
    let sum = |name: &str, endpoint: &str| {
        let received = collector.received();
        let points = received.iter().flat_map(|export| sums(export, name));
        points
            .filter(|(key, _)| key.first().is_none_or(|first| first == endpoint))
            .map(|(_, value)| value)
            .sum::<u64>()
    };
    (sum("slo.results", "differed"), sum("slo.lost", ""))
}

#[test]
fn what_is_lost_is_counted() {
    if !is_child("delta::what_is_lost_is_counted", &[(PREFERENCE, "delta")]) {
        return;
    }
    let collector = Collector::start();
    let guard = start(&collector);
    eventually("the zeros", || !collector.received().is_empty());
    count(100);
    guard.flush().unwrap();
    assert_eq!(told(&collector), (100, 0));

    collector.behave(REFUSAL);
    for (events, lost) in [(50, 50), (7, 57), (0, 57)] {
        count(events);
        assert!(matches!(guard.flush(), Err(FlushError::Failed(_))));
        assert_eq!(export_health().lost_events, lost);
    }
    assert!(export_health().failing_since.is_some());

    collector.behave(FINE);
    count(5);
    guard.flush().unwrap();
    assert_eq!(told(&collector), (105, 57));
    guard.flush().unwrap();
    assert_eq!(told(&collector), (105, 57), "and told once");

    // Another guard takes over where this one ended.
    drop(guard);
    count(3);
    let guard = start(&collector);
    guard.flush().unwrap();
    count(2);
    guard.flush().unwrap();
    drop(guard);
    assert_eq!(told(&collector), (107, 60));
    assert_eq!(export_health().lost_events, 60);
    let snapshot = slo_sdk::snapshot();
    assert_eq!(snapshot.endpoint("differed").unwrap().ended(), 107 + 60);
    the_contract_holds(&collector);
}

fn the_contract_holds(collector: &Collector) {
    let mut registry = contract::registry();
    // Nobody tells consumers apart here.
    registry.remove("slo.consumer.events");
    let received = collector.received();
    let exported: BTreeMap<_, _> = metrics(&received[0])
        .map(|metric| (metric.name.clone(), metric.unit.clone()))
        .collect();
    let agreed = registry
        .iter()
        .map(|(name, (unit, _))| (name.clone(), unit.clone()))
        .collect();
    assert_eq!(exported, agreed);
    assert!(registry["slo.lost"].1.is_empty());
    let temporality = |name: &str| {
        let metric = metrics(&received[0]).find(|metric| metric.name == name);
        match &metric.unwrap().data {
            Some(Data::Sum(sum)) => (
                sum.is_monotonic,
                sum.aggregation_temporality().as_str_name(),
            ),
            other => panic!("{name} is {other:?}"),
        }
    };
    let delta = (true, "AGGREGATION_TEMPORALITY_DELTA");
    assert_eq!(temporality("slo.lost"), delta);
    assert_eq!(temporality("slo.results"), delta);
    let state = (false, "AGGREGATION_TEMPORALITY_CUMULATIVE");
    assert_eq!(temporality("slo.in_flight"), state);
}

#[test]
fn low_memory_loses_nothing() {
    if !is_child(
        "delta::low_memory_loses_nothing",
        &[(PREFERENCE, "lowmemory")],
    ) {
        return;
    }
    let collector = Collector::start();
    let guard = start(&collector);
    collector.behave(REFUSAL);
    count(10);
    assert!(guard.flush().is_err());
    collector.behave(FINE);
    guard.flush().unwrap();
    drop(guard);
    assert_eq!(export_health().lost_events, 0);
    let received = collector.received();
    let last = sums(received.last().unwrap(), "slo.results");
    let results = last.iter().filter(|(key, _)| key[0] == "differed");
    assert_eq!(results.map(|(_, value)| value).sum::<u64>(), 10);
    assert!(metrics(&received[0]).all(|metric| metric.name != "slo.lost"));
}
