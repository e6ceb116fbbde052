//! What is done once in a while: reading the counters, collecting them for an export, and
//! writing and reading the record of an annotation.
//!
//! `-- --gate` fails where reading the counters or the record takes more instructions than its
//! ceiling. The time of a collection is mostly the SDK's, and is shown beside its bound. What
//! `cargo slo` costs over programs and fleets is measured by `cargo xtask growth` and `scale`.

use opentelemetry_sdk::{
    error::OTelSdkResult,
    metrics::{
        PeriodicReader, SdkMeterProvider,
        data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics},
        exporter::PushMetricExporter,
    },
};
use slo_benches::{callgrind, drive::Case, measure::interleaved, table::was_called_once};
use slo_model::{
    Declaration,
    record::{Record, encode_endpoint, endpoint_len, frames},
};
use slo_sdk::{Endpoint, Journey, Objectives, endpoint, millis};
use std::{
    env,
    hint::black_box,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

const JOURNEY: Journey = Journey::new("collected").owner("team").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(250)),
);

/// A hundred endpoints, called by two digits.
macro_rules! hundred {
    ($($tens:literal)*) => { [$(ten!($tens, 0 1 2 3 4 5 6 7 8 9)),*] };
}
macro_rules! ten {
    ($tens:literal, $($ones:literal)*) => {
        [$({
            static ENDPOINT: &Endpoint =
                endpoint!(name = concat!("e", $tens, $ones), journey = JOURNEY);
            ENDPOINT
        }),*]
    };
}

static DECLARATION: Declaration = Declaration::new("place-order", JOURNEY);
const LENGTH: usize = endpoint_len(&DECLARATION);

/// Series of the last export.
static SERIES: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug)]
struct Count;

impl PushMetricExporter for Count {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let metrics = metrics.scope_metrics().flat_map(ScopeMetrics::metrics);
        let series = metrics.map(|metric| match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => sum.data_points().count(),
            AggregatedMetrics::U64(MetricData::Gauge(gauge)) => gauge.data_points().count(),
            AggregatedMetrics::I64(MetricData::Sum(sum)) => sum.data_points().count(),
            AggregatedMetrics::F64(MetricData::Gauge(gauge)) => gauge.data_points().count(),
            _ => 0,
        });
        SERIES.store(series.sum(), Relaxed);
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> opentelemetry_sdk::metrics::Temporality {
        opentelemetry_sdk::metrics::Temporality::Cumulative
    }
}

/// How often each case is done in a turn.
const BATCH: usize = 20;
const TURNS: usize = 51;

/// Instructions that may be taken at most: what was reached, and a little.
const CEILINGS: [(&str, f64); 3] = [
    ("snapshot", 680_000.0),
    ("encode", 9_500.0),
    ("decode", 20_500.0),
];

fn cases() -> Vec<Case> {
    for endpoint in hundred!(0 1 2 3 4 5 6 7 8 9).as_flattened() {
        endpoint.event().good();
    }
    let reader = PeriodicReader::builder(Count).with_interval(Duration::from_secs(86_400));
    let provider = SdkMeterProvider::builder()
        .with_view(slo_sdk::Builder::view)
        .with_reader(reader.build())
        .build();
    let started = slo_sdk::builder().meter_provider(&provider).try_init();
    let guard = started.expect("the cases are made once");
    let record: [u8; LENGTH] = encode_endpoint(&DECLARATION);
    vec![
        Case::new("snapshot", "a snapshot of 100 endpoints", |times| {
            for _ in 0..times {
                black_box(slo_sdk::snapshot());
            }
        }),
        Case::new(
            "collection",
            "a collection of 100 endpoints",
            move |times| {
                let _keep = &guard;
                for _ in 0..times {
                    provider.force_flush().expect("nothing is exported to");
                }
            },
        ),
        Case::new("encode", "a record is written, at run time", |times| {
            for _ in 0..times {
                black_box(encode_endpoint::<LENGTH>(black_box(&DECLARATION)));
            }
        }),
        Case::new("decode", "a record is found and read", move |times| {
            for _ in 0..times {
                let frame = frames(black_box(&record)).next().expect("a frame");
                let frame = frame.expect("a whole frame");
                black_box(Record::decode(&frame).expect("a record"));
            }
        }),
    ]
}

fn main() -> ExitCode {
    if was_called_once(cases) {
        return ExitCode::SUCCESS;
    }
    let mut cases = cases();
    let figures = interleaved(&mut cases, TURNS, BATCH);
    let mut above = Vec::new();
    say("| | ns | instructions | ceiling |");
    say("| --- | --- | --- | --- |");
    for (case, figures) in cases.iter().zip(&figures) {
        let ceiling = CEILINGS.iter().find(|(key, _)| *key == case.key);
        let work = ceiling.and_then(|_| {
            let by_valgrind = || callgrind::instructions(case.key);
            figures.work().or_else(by_valgrind)
        });
        let text = |figure: Option<f64>| figure.map_or("–".to_owned(), |f| format!("{f:.0}"));
        let most = ceiling.map(|(_, most)| *most);
        say(&format!(
            "| {} | {:.0} | {} | {} |",
            case.name,
            figures.time(),
            text(work),
            text(most)
        ));
        if most.is_some() && work.is_none_or(|work| most < Some(work)) {
            above.push(case.name);
        }
    }
    let series = SERIES.load(Relaxed);
    let collection = cases.iter().position(|case| case.key == "collection");
    let took = collection.map_or(f64::NAN, |at| figures[at].time());
    say(&format!(
        "\nA collection has {series} series and takes {:.2} µs for each; the bound is 1.2 µs.",
        took / 1000.0 / series as f64
    ));
    assert!(series >= 100 * (10 + 4), "{series} series of 100 endpoints");
    if above.is_empty() || !env::args().any(|argument| argument == "--gate") {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "error: above its ceiling, or not counted: {}",
        above.join(", ")
    );
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "its output")]
fn say(line: &str) {
    println!("{line}");
}
