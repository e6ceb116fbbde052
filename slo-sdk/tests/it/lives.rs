//! Runtimes, threads and guards that come and go while events are counted.

use crate::{
    collector::{Behaviour, Collector, eventually, sums},
    collectors::alone,
};
use slo_sdk::{EventResult, Guard, Journey, Objectives, slo};
use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Runtime};

const LIVES: Journey = Journey::new("lives").objectives(Objectives::new().availability(99.0));

#[slo(journey = LIVES)]
async fn lived() {
    tokio::task::yield_now().await;
}

#[slo(journey = LIVES)]
fn went_on() {}

fn exporting_to(collector: &Collector) -> slo_sdk::Builder {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_millis(20))
        .shutdown_timeout(Duration::from_secs(30))
}

fn start(collector: &Collector) -> Guard {
    exporting_to(collector).try_init().unwrap()
}

fn ended(endpoint: &str) -> u64 {
    slo_sdk::snapshot().endpoint(endpoint).unwrap().ended()
}

/// The events of an endpoint in the last export, all of which ended well.
fn exported(collector: &Collector, endpoint: &str) -> Option<u64> {
    let received = collector.received();
    let results = sums(received.last()?, "slo.results");
    let key = [endpoint, "lives", EventResult::Ok.as_str()].map(str::to_owned);
    Some(results[&key.to_vec()])
}

fn tasks(runtime: &Runtime, count: u64) {
    let tasks: Vec<_> = (0..count).map(|_| runtime.spawn(lived())).collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

fn runtime(mut builder: Builder) -> Runtime {
    builder.enable_all().build().unwrap()
}

#[test]
fn two_runtimes_and_the_first_is_dropped() {
    let _alone = alone();
    let collector = Collector::start();
    let before = ended("lived");
    let first = runtime(Builder::new_multi_thread());
    let second = runtime(Builder::new_multi_thread());
    let guard = first.block_on(async { start(&collector) });
    thread::scope(|scope| {
        scope.spawn(|| tasks(&first, 1000));
        scope.spawn(|| tasks(&second, 1000));
    });
    drop(first);
    tasks(&second, 500);
    eventually("the export goes on", || {
        exported(&collector, "lived") == Some(before + 2500)
    });
    tasks(&second, 7);
    second.block_on(async { drop(guard) });
    assert_eq!(exported(&collector, "lived"), Some(before + 2507));
}

#[test]
fn a_runtime_of_one_thread_starts_flushes_and_ends_it() {
    let _alone = alone();
    let collector = Collector::start();
    runtime(Builder::new_current_thread()).block_on(async {
        let guard = start(&collector);
        lived().await;
        guard.flush().unwrap();
        assert_eq!(exported(&collector, "lived"), Some(ended("lived")));
        lived().await;
        drop(guard);
    });
    assert_eq!(exported(&collector, "lived"), Some(ended("lived")));
}

#[test]
fn a_runtime_of_one_thread_is_held_up_for_the_bound_at_most() {
    let _alone = alone();
    let collector = Collector::start();
    collector.behave(Behaviour::Hangs);
    let bound = Duration::from_millis(200);
    let took = runtime(Builder::new_current_thread()).block_on(async {
        let guard = exporting_to(&collector)
            .shutdown_timeout(bound)
            .try_init()
            .unwrap();
        eventually("an export hangs", || collector.hanging() > 0);
        let start = Instant::now();
        drop(guard);
        start.elapsed()
    });
    assert!(took >= bound && took < Duration::from_secs(5), "{took:?}");
}

/// What is counted while no guard lives is in the next one's exports: they are cumulative.
#[test]
fn events_outlive_guards() {
    let _alone = alone();
    let collector = Collector::start();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Relaxed) {
                    went_on();
                }
            });
        }
        for _ in 0..5 {
            let guard = start(&collector);
            let before = ended("went-on");
            eventually("it is exported", || {
                exported(&collector, "went-on") > Some(before)
            });
            drop(guard);
            let last = exported(&collector, "went-on").unwrap();
            eventually("events go on", || ended("went-on") > last);
        }
        stop.store(true, Relaxed);
    });
    let exports: Vec<_> = collector.received().into_iter().collect();
    let key = ["went-on", "lives", "ok"].map(str::to_owned).to_vec();
    let counts = exports
        .iter()
        .map(|export| sums(export, "slo.results")[&key]);
    assert!(counts.is_sorted(), "a count went back");
    drop(start(&collector));
    assert_eq!(exported(&collector, "went-on"), Some(ended("went-on")));
}
