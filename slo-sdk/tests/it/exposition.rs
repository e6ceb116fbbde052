//! What a Prometheus scrapes is what it would have had over OTLP.

use crate::{collectors::alone, export};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, PeriodicReader, SdkMeterProvider, data::ScopeMetrics,
};
use slo_sdk::{
    Consumer, Ending, Endpoint, Journey, Objectives, endpoint,
    layer::{Deadline, Own, Track},
    millis,
};
use std::{collections::BTreeMap, time::Duration};

const SCRAPED: Journey = Journey::new("scraped")
    .runbook("https://runbooks.example/\"quoted\"\\path")
    .objectives(
        Objectives::new()
            .availability(99.9)
            .latency(99.0, millis(100)),
    );

static SCRAPED_ONCE: &Endpoint = endpoint!(name = "scraped-once", journey = SCRAPED);
static SCRAPED_JOB: &Endpoint = endpoint!(
    name = "scraped-job",
    journey = SCRAPED,
    every = Duration::from_secs(60)
);

type Labels = BTreeMap<String, String>;

/// The series of a text, as a reader of Prometheus' format that knows nothing of this crate.
fn parsed(text: &str) -> BTreeMap<(String, Labels), f64> {
    let mut series = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, mut rest) = match line.find('{') {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => line.split_once(' ').unwrap(),
        };
        let mut labels = Labels::new();
        if line.contains('{') {
            loop {
                let (label, value) = rest.split_once("=\"").unwrap();
                let mut text = String::new();
                let mut chars = value.char_indices();
                let end = loop {
                    match chars.next().unwrap() {
                        (at, '"') => break at,
                        (_, '\\') => match chars.next().unwrap().1 {
                            'n' => text.push('\n'),
                            c => text.push(c),
                        },
                        (_, c) => text.push(c),
                    }
                };
                labels.insert(label.to_owned(), text);
                rest = &value[end + 1..];
                match rest.strip_prefix(',') {
                    Some(more) => rest = more,
                    None => break,
                }
            }
            rest = rest.strip_prefix("} ").unwrap();
        }
        let key = (name.to_owned(), labels);
        let value = rest.parse().unwrap_or_else(|_| panic!("no value: {line}"));
        assert!(series.insert(key, value).is_none(), "twice: {line}");
    }
    series
}

#[test]
fn a_scrape_and_an_export_have_the_same_series() {
    let _alone = alone();
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let guard = slo_sdk::builder()
        .meter_provider(&provider)
        .try_init()
        .unwrap();
    for ending in [Ending::Completed, Ending::ServerError, Ending::ClientError] {
        let track = Track::start_for(SCRAPED_ONCE, Own, Deadline::NONE);
        let mut track = track.with_consumer(Some(Consumer::register("scraping-unit")));
        track.end(ending);
    }
    SCRAPED_JOB.event().good();
    provider.force_flush().unwrap();
    let scraped = parsed(&slo_sdk::snapshot().to_prometheus());
    drop(guard);

    let mut exported = BTreeMap::new();
    let exports = exporter.get_finished_metrics().unwrap();
    let metrics = exports.last().unwrap().scope_metrics();
    for metric in metrics.flat_map(ScopeMetrics::metrics) {
        // As the OTLP receiver of a Prometheus 3 names them.
        let plain = metric.name().replace('.', "_");
        let name = match (metric.name(), metric.unit()) {
            ("slo.events" | "slo.consumer.events" | "slo.results" | "slo.unannotated", _) => {
                format!("{plain}_total")
            }
            (_, "s") => format!("{plain}_seconds"),
            (_, "1") => format!("{plain}_ratio"),
            _ => plain,
        };
        for (attributes, value) in export::points(metric) {
            let labels = attributes
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| (key.replace('.', "_"), value));
            exported.insert((name.clone(), labels.collect::<Labels>()), value);
        }
    }
    let mut without_durations = scraped.clone();
    without_durations.retain(|(name, _), _| !name.starts_with("slo_duration_seconds"));
    assert_eq!(without_durations, exported);

    let bad = [
        ("slo_endpoint", "scraped-once"),
        ("slo_journey", "scraped"),
        ("slo_outcome", "bad"),
        ("slo_sli", "availability"),
    ];
    let bad = bad.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let bad = ("slo_events_total".to_owned(), Labels::from(bad));
    assert_eq!(scraped.get(&bad), Some(&1.0));
    provider.shutdown().unwrap();
}

#[test]
fn consumers_are_hidden_everywhere() {
    let _alone = alone();
    let consumer = Some(Consumer::register("a-secret-unit"));
    let track = Track::start_for(SCRAPED_ONCE, Own, Deadline::NONE);
    track.with_consumer(consumer).end(Ending::Completed);
    let all = slo_sdk::snapshot();
    let hidden = all.clone().without_consumers();
    for (shown, hidden) in [
        (all.to_string(), hidden.to_string()),
        (all.to_prometheus(), hidden.to_prometheus()),
    ] {
        assert!(shown.contains("a-secret-unit"), "{shown}");
        assert!(!hidden.contains("a-secret-unit"), "{hidden}");
    }
}

#[test]
fn a_snapshot_prints_as_a_table() {
    let _alone = alone();
    SCRAPED_ONCE.event().good();
    let text = slo_sdk::snapshot().to_string();
    let at = text.find("scraped/scraped-once").unwrap();
    let block: Vec<&str> = text[at..].lines().take(4).collect();
    assert!(block[1].starts_with("  availability"), "{block:#?}");
    assert!(block[2].starts_with("  latency ≤ 100ms"), "{block:#?}");
    assert!(block[3].starts_with("  ok "), "{block:#?}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80 || line.contains("ok "), "{line}");
    }
}
