//! More series than the SDK tells apart by itself, each test in a process of its own: none is
//! lost where the provider is ours or has our view, and where it has not, that is said.

use crate::{child::is_child, collector, export::points};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, MeterProviderBuilder, PeriodicReader, SdkMeterProvider,
    data::ScopeMetrics,
};
use slo_sdk::{__private::Declaration, Endpoint, Journey, Objectives};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

const MANY: Journey = Journey::new("many").objectives(Objectives::new().availability(99.0));

const ENDPOINTS: usize = 300;

/// As many as the SDK tells apart.
const USUAL: usize = 2000;

/// Endpoints that are known when the export starts; endpoint `i` has ended `i + 1` events.
/// Annotations would be statics, and this many of them a test of the compiler.
fn many_endpoints() {
    for i in 0..ENDPOINTS {
        let declaration = Declaration::new(format!("many-{i}").leak(), MANY);
        let declaration: &'static Declaration = Box::leak(Box::new(declaration));
        let endpoint: &'static Endpoint = Box::leak(Box::new(Endpoint::new(declaration)));
        for _ in 0..=i {
            endpoint.event().good();
        }
    }
}

/// All events of those endpoints.
const EVENTS: usize = ENDPOINTS * (ENDPOINTS + 1) / 2;

/// Warnings, one line each.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                write!(self.0, " {field}={value:?}").unwrap();
            }
        }
        let metadata = event.metadata();
        if metadata.target().starts_with("slo_sdk") && *metadata.level() <= Level::WARN {
            let mut text = Text(String::new());
            event.record(&mut text);
            self.0.lock().unwrap().push(text.0);
        }
    }
}

/// The attributes of a series, and its value.
type Point = (BTreeMap<String, String>, f64);

/// The points of `slo.results` in the export of an application's provider, and what was
/// warned of at its start.
fn results_through(builder: MeterProviderBuilder) -> (Vec<Point>, Vec<String>) {
    let warnings = Warnings::default();
    let subscriber = tracing_subscriber::registry().with(warnings.clone());
    let _subscriber = tracing::subscriber::set_default(subscriber);
    many_endpoints();
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = builder.with_reader(reader).build();
    let _guard = slo_sdk::builder()
        .meter_provider(&provider)
        .try_init()
        .unwrap();
    provider.force_flush().unwrap();
    let exports = exporter.get_finished_metrics().unwrap();
    let results = exports
        .last()
        .unwrap()
        .scope_metrics()
        .flat_map(ScopeMetrics::metrics)
        .filter(|metric| metric.name() == "slo.results")
        .flat_map(points)
        .filter(|(attributes, _)| {
            let of_many = |journey| journey == "many";
            attributes.get("slo.journey").is_none_or(of_many)
        })
        .collect();
    (results, warnings.lines())
}

fn events(results: &[Point]) -> f64 {
    results.iter().map(|(_, value)| value).sum()
}

#[test]
fn a_provider_without_the_view_loses_counts_and_it_is_said() {
    if !is_child(
        "series::a_provider_without_the_view_loses_counts_and_it_is_said",
        &[],
    ) {
        return;
    }
    let (results, warnings) = results_through(SdkMeterProvider::builder());
    let is_overflow =
        |attributes: &BTreeMap<String, String>| attributes.contains_key("otel.metric.overflow");
    let overflow: Vec<_> = results.iter().filter(|(a, _)| is_overflow(a)).collect();
    assert_eq!(overflow.len(), 1, "{overflow:?}");
    assert!(results.len() <= USUAL + 1, "{}", results.len());
    // Not even the sum is right: the overflow holds one of the series that it stands for.
    let (_, rest) = overflow[0];
    println!(
        "{} of {EVENTS} events arrive, {rest} in the overflow",
        events(&results)
    );
    assert!(events(&results) < EVENTS as f64);
    let said = warnings.iter().find(|line| line.contains("slo.results"));
    let said = said.unwrap_or_else(|| panic!("{warnings:?}"));
    assert!(said.contains("slo_sdk::Builder::view"), "{said}");
}

#[test]
fn a_provider_with_the_view_has_every_series() {
    if !is_child("series::a_provider_with_the_view_has_every_series", &[]) {
        return;
    }
    let builder = SdkMeterProvider::builder().with_view(slo_sdk::Builder::view);
    let (results, warnings) = results_through(builder);
    assert_eq!(results.len(), ENDPOINTS * slo_sdk::EventResult::ALL.len());
    assert_eq!(events(&results), EVENTS as f64);
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn a_provider_of_our_own_has_every_series() {
    if !is_child("series::a_provider_of_our_own_has_every_series", &[]) {
        return;
    }
    many_endpoints();
    let collector = collector::Collector::start();
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .try_init()
        .unwrap();
    guard.flush().unwrap();
    let received = collector.received();
    let results = collector::sums(received.last().unwrap(), "slo.results");
    let many: Vec<u64> = results
        .iter()
        .filter(|(attributes, _)| attributes.get(1).is_some_and(|journey| journey == "many"))
        .map(|(_, count)| *count)
        .collect();
    assert_eq!(many.len(), ENDPOINTS * slo_sdk::EventResult::ALL.len());
    assert_eq!(many.iter().sum::<u64>(), EVENTS as u64);
    // An overflow has one attribute.
    assert!(results.keys().all(|attributes| attributes.len() == 3));
}
