//! `slo.duration` as a collector receives it.

use crate::{
    child::{is_child, stderr_of},
    collector::{Behaviour, Collector, FINE, eventually, metrics, sums},
    contract,
};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    metrics::v1::{HistogramDataPoint, metric::Data},
};
use prost::Message;
use slo_sdk::{Builder, Guard, Journey, Objectives, millis, slo};
use std::{collections::BTreeSet, thread, time::Duration};

const TIMED: Journey = Journey::new("timed").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(99.0, millis(20))
        .latency_named("typical", 50.0, millis(4)),
);

#[slo(journey = TIMED)]
fn timed(milliseconds: u64) -> Result<(), &'static str> {
    thread::sleep(Duration::from_millis(milliseconds));
    match milliseconds {
        2 => Err("an error, after which nobody asks how long it took"),
        30 => {
            assert!(slo_sdk::current().good());
            Ok(())
        }
        _ => Ok(()),
    }
}

fn builder(collector: &Collector) -> Builder {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .export_timeout(Duration::from_secs(30))
        .shutdown_timeout(Duration::from_secs(30))
}

fn start(collector: &Collector) -> Guard {
    let guard = builder(collector).try_init().unwrap();
    eventually("the zeros", || !collector.received().is_empty());
    guard
}

/// The point of the endpoint, and whether it is cumulative.
fn point(export: &ExportMetricsServiceRequest) -> Option<(HistogramDataPoint, bool)> {
    let metric = metrics(export).find(|metric| metric.name == "slo.duration")?;
    let Some(Data::Histogram(histogram)) = &metric.data else {
        panic!("{metric:?} is not a histogram");
    };
    let (unit, attributes) = &contract::registry()["slo.duration"];
    assert_eq!(&metric.unit, unit);
    let is_timed = |point: &&HistogramDataPoint| {
        let keys: BTreeSet<_> = point.attributes.iter().map(|a| a.key.clone()).collect();
        assert_eq!(&keys, attributes);
        format!("{:?}", point.attributes).contains("\"timed\"")
    };
    let point = histogram.data_points.iter().find(is_timed)?;
    let is_cumulative =
        histogram.aggregation_temporality().as_str_name() == "AGGREGATION_TEMPORALITY_CUMULATIVE";
    Some((point.clone(), is_cumulative))
}

/// Events that took at most so many seconds.
#[track_caller]
fn within(point: &HistogramDataPoint, seconds: f64) -> u64 {
    let end = point.explicit_bounds.iter().position(|b| *b == seconds);
    point.bucket_counts[..=end.expect("a boundary")]
        .iter()
        .sum()
}

#[test]
fn buckets_up_to_a_threshold_are_the_events_in_time() {
    if !is_child(
        "durations::buckets_up_to_a_threshold_are_the_events_in_time",
        &[],
    ) {
        return;
    }
    let collector = Collector::start();
    let guard = start(&collector);
    let (zero, _) = point(&collector.received()[0]).unwrap();
    assert_eq!((zero.count, zero.sum), (0, Some(0.0)));
    assert_eq!(zero.bucket_counts.len(), zero.explicit_bounds.len() + 1);

    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for milliseconds in [0, 1, 2, 30, 6, 25, 0, 8] {
                    let _ = timed(milliseconds);
                }
            });
        }
    });
    guard.flush().unwrap();
    let received = collector.received();
    let (last, is_cumulative) = point(received.last().unwrap()).unwrap();
    assert!(is_cumulative);
    assert_eq!(last.count, 2 * 7, "all but errors");
    assert_eq!(last.count, last.bucket_counts.iter().sum::<u64>());
    let sum = last.sum.unwrap();
    assert!(sum >= 0.140, "{sum} s for what slept 140 ms");

    let snapshot = slo_sdk::snapshot();
    let endpoint = snapshot.endpoint("timed").unwrap();
    for (sli, seconds) in [("latency", 0.020), ("typical", 0.004)] {
        let good = endpoint.sli(sli).unwrap().counts.good;
        // Two were marked good though they were late.
        assert_eq!(within(&last, seconds), good - 2, "{sli}");
    }
    let durations = endpoint.durations().unwrap();
    assert_eq!(durations.count(), last.count);
    assert_eq!(
        durations.within(Duration::from_millis(20)),
        Some(within(&last, 0.020))
    );
    assert_eq!(durations.within(Duration::from_millis(21)), None);
    let seconds = durations.sum().as_secs_f64();
    assert!((seconds - sum).abs() < 1e-9, "{seconds} {sum}");
}

#[test]
fn a_retry_encloses_the_same_again() {
    if !is_child("durations::a_retry_encloses_the_same_again", &[]) {
        return;
    }
    let collector = Collector::start();
    let guard = start(&collector);
    let _ = timed(0);
    collector.behave(Behaviour::Answers(
        b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ));
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            collector.behave(FINE);
        });
        guard.flush().unwrap();
    });
    let received = collector.received();
    assert_eq!(point(received.last().unwrap()).unwrap().0.count, 1);
}

#[test]
fn deltas_are_of_the_time_between() {
    const PREFERENCE: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    if !is_child(
        "durations::deltas_are_of_the_time_between",
        &[(PREFERENCE, "delta")],
    ) {
        return;
    }
    let collector = Collector::start();
    let mut guard = start(&collector);
    for events in [3, 0, 5] {
        for _ in 0..events {
            let _ = timed(0);
        }
        guard.flush().unwrap();
    }
    // Another guard goes on where this one ended.
    drop(guard);
    guard = builder(&collector).try_init().unwrap();
    guard.flush().unwrap();
    let _ = timed(0);
    drop(guard);
    let received = collector.received();
    let points: Vec<_> = received
        .iter()
        .map(|export| point(export).unwrap())
        .collect();
    assert!(points.iter().all(|(_, is_cumulative)| !is_cumulative));
    let counts: Vec<_> = points.iter().map(|(point, _)| point.count).collect();
    assert_eq!(counts.iter().sum::<u64>(), 9, "{counts:?}");
    for pair in points.windows(2) {
        assert!(pair[0].0.time_unix_nano <= pair[1].0.start_time_unix_nano);
    }
}

#[test]
fn switched_off_nothing_is_measured() {
    if !is_child("durations::switched_off_nothing_is_measured", &[]) {
        return;
    }
    let collector = Collector::start();
    let guard = builder(&collector).durations(false).try_init().unwrap();
    let _ = timed(0);
    guard.flush().unwrap();
    let snapshot = slo_sdk::snapshot();
    assert_eq!(snapshot.endpoint("timed").unwrap().durations(), None);
    assert_eq!(point(collector.received().last().unwrap()), None);
}

/// Counts and durations in one compressed body, whichever variable asks for it; a collector is
/// told, and nothing is left out.
#[test]
fn all_of_an_export_is_compressed() {
    const TEST: &str = "durations::all_of_an_export_is_compressed";
    for variable in [
        "OTEL_EXPORTER_OTLP_COMPRESSION",
        "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
    ] {
        let Some(stderr) = stderr_of(TEST, &[(variable, "gzip")]) else {
            let collector = Collector::start();
            let guard = start(&collector);
            timed(2).unwrap_err();
            timed(0).unwrap();
            guard.flush().unwrap();
            drop(guard);
            let received = collector.received();
            let last = received.last().unwrap();
            let (point, _) = point(last).unwrap();
            assert_eq!(point.count, 1);
            let results = sums(last, "slo.results");
            assert_eq!(results.values().sum::<u64>(), 2);
            for ((wire, encoding), export) in collector.bodies().iter().zip(&received) {
                let plain = export.encoded_len();
                assert_eq!(encoding.as_deref(), Some("gzip"));
                assert!(wire * 5 < plain, "{wire} bytes of {plain}");
            }
            return;
        };
        assert!(!stderr.contains("warning"), "{variable}: {stderr}");
    }
}
