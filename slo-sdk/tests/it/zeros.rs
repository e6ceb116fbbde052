//! Zeros come before counts, whoever starts late or ends early. Each test is a process of its
//! own: one export taken is the end of all zeros.

use crate::{
    child::is_child,
    collector::{Behaviour, Collector, FINE, eventually, metrics, sums},
};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest, metrics::v1::metric::Data,
};
use slo_sdk::{Guard, Journey, Objectives, slo};
use std::{
    thread,
    time::{Duration, Instant},
};

const ZEROS: Journey = Journey::new("zeros").objectives(Objectives::new().availability(99.0));

#[slo(journey = ZEROS)]
fn settled() -> Result<(), ()> {
    Err(())
}

fn count(events: usize) {
    (0..events).for_each(|_| settled().unwrap_err());
}

const BOUND: Duration = Duration::from_secs(20);

fn builder(collector: &Collector) -> slo_sdk::Builder {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .export_timeout(Duration::from_millis(500))
        .shutdown_timeout(BOUND)
}

fn start(collector: &Collector) -> Guard {
    builder(collector).try_init().unwrap()
}

/// A collector that is not there yet.
fn late() -> Collector {
    let collector = Collector::start();
    collector.refuse();
    collector
}

/// The bad events in an export, and the milliseconds of its time. Zeros are zeros throughout.
fn exported(export: &ExportMetricsServiceRequest) -> (u64, u64) {
    let events = sums(export, "slo.events");
    let of = |endpoint: &str, outcome: &str| {
        events[&[endpoint, "zeros", outcome, "availability"]
            .map(str::to_owned)
            .to_vec()]
    };
    let bad = of("settled", "bad");
    assert_eq!(of("settled", "good"), 0);
    let results: u64 = [
        "slo.events",
        "slo.results",
        "slo.in_flight",
        "slo.unannotated",
    ]
    .map(|name| sums(export, name).values().sum())
    .iter()
    .sum();
    let mut durations = 0;
    let mut at = None;
    for metric in metrics(export) {
        match metric.data.as_ref().unwrap() {
            Data::Sum(sum) => at = at.max(sum.data_points.iter().map(|p| p.time_unix_nano).max()),
            Data::Histogram(data) => {
                durations += data.data_points.iter().map(|p| p.count).sum::<u64>();
            }
            _ => {}
        }
    }
    if bad == 0 {
        assert_eq!((results, durations), (0, 0), "zeros have counts");
    }
    (bad, at.unwrap() / 1_000_000)
}

/// What arrived: of each export the bad events. No two have the same millisecond.
fn arrived(collector: &Collector) -> Vec<u64> {
    let exports: Vec<_> = collector.received().iter().map(exported).collect();
    for pair in exports.windows(2) {
        assert!(pair[0].1 < pair[1].1, "a store keeps one of {pair:?}");
    }
    exports.into_iter().map(|(bad, _)| bad).collect()
}

macro_rules! alone {
    ($test:literal) => {
        if !is_child(concat!("zeros::", $test), &[]) {
            return;
        }
    };
}

#[test]
fn a_collector_that_starts_later_gets_zeros_first() {
    alone!("a_collector_that_starts_later_gets_zeros_first");
    let collector = late();
    let guard = builder(&collector)
        .export_interval(Duration::from_millis(50))
        .try_init()
        .unwrap();
    for _ in 0..15 {
        count(10);
        thread::sleep(Duration::from_millis(20));
    }
    collector.listen();
    eventually("the counts arrive", || arrived(&collector).contains(&150));
    let so_far = arrived(&collector);
    assert_eq!(so_far[..2], [0, 150]);
    assert!(so_far[1..].iter().all(|&bad| bad == 150), "{so_far:?}");
    count(1);
    drop(guard);
    assert_eq!(arrived(&collector).last(), Some(&151));
}

#[test]
fn a_process_of_one_run_sends_zeros_and_counts() {
    alone!("a_process_of_one_run_sends_zeros_and_counts");
    let collector = Collector::start();
    count(1);
    let guard = start(&collector);
    count(1);
    drop(guard);
    let all = arrived(&collector);
    assert_eq!((all[0], all.last()), (0, Some(&2)), "{all:?}");
}

#[test]
fn the_end_is_early_enough_for_zeros() {
    alone!("the_end_is_early_enough_for_zeros");
    let collector = late();
    let guard = start(&collector);
    count(7);
    guard.flush().unwrap_err();
    collector.listen();
    let begin = Instant::now();
    drop(guard);
    assert!(begin.elapsed() < BOUND);
    // The export of the start may come as late as this, and brings the counts once more.
    let all = arrived(&collector);
    assert_eq!(all[0], 0, "{all:?}");
    assert!(
        all.len() > 1 && all[1..].iter().all(|&bad| bad == 7),
        "{all:?}"
    );
}

#[test]
fn a_flush_brings_the_counts() {
    alone!("a_flush_brings_the_counts");
    let collector = late();
    let guard = start(&collector);
    count(7);
    guard.flush().unwrap_err();
    collector.listen();
    guard.flush().unwrap();
    let so_far = arrived(&collector);
    assert_eq!(so_far[..2], [0, 7]);
    drop(guard);
    let rest = &arrived(&collector)[1..];
    assert!(
        rest.len() > 1 && rest.iter().all(|&bad| bad == 7),
        "{rest:?}"
    );
}

/// Where the answer was lost the export may have arrived, and another zero would hold back
/// counts for as long as answers are lost.
#[test]
fn a_lost_answer_ends_the_zeros() {
    alone!("a_lost_answer_ends_the_zeros");
    let collector = Collector::start();
    collector.behave(Behaviour::Hangs);
    count(3);
    let guard = start(&collector);
    guard.flush().unwrap_err();
    collector.behave(FINE);
    collector.hang_up();
    guard.flush().unwrap();
    assert_eq!(arrived(&collector).last(), Some(&3));
}

/// A guard after the first goes on where that one ended: back to 0 would be a restart.
#[test]
fn zeros_are_once_in_a_process() {
    alone!("zeros_are_once_in_a_process");
    let (first, second) = (Collector::start(), Collector::start());
    count(3);
    drop(start(&first));
    assert_eq!(arrived(&first).last(), Some(&3));
    drop(start(&second));
    assert!(arrived(&second).iter().all(|&bad| bad == 3));
}

/// A process that nobody heard ends all the same, and has tried both.
#[test]
fn nobody_listens_to_the_end() {
    alone!("nobody_listens_to_the_end");
    let collector = late();
    let guard = start(&collector);
    count(1);
    let begin = Instant::now();
    drop(guard);
    assert!(begin.elapsed() < BOUND);
    assert!(slo_sdk::export_health().failing_since.is_some());
}
