//! A collector that fails for long takes no memory and no threads.
//!
//! Measured in a process of its own, where nothing else allocates.

use crate::{
    child::is_child,
    collector::{Behaviour, Collector, eventually},
};
use slo_sdk::{FlushError, Guard};
use std::{fs, time::Duration};

/// A number that the kernel says about this process: kB, or how many.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
    number.unwrap_or_else(|| {
        line.unwrap()
            .trim_matches([':', '\t', ' '])
            .parse()
            .unwrap()
    })
}

fn start(collector: &Collector, export: Duration, shutdown: Duration) -> Guard {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .export_timeout(export)
        .shutdown_timeout(shutdown)
        .try_init()
        .unwrap()
}

#[test]
fn two_thousand_refusals_take_no_memory() {
    if !is_child("memory::two_thousand_refusals_take_no_memory", &[]) {
        return;
    }
    let collector = Collector::start();
    // Too short for a second try, which would wait 100 ms before it.
    let guard = start(
        &collector,
        Duration::from_millis(100),
        Duration::from_secs(60),
    );
    collector.refuse();
    let fail = |times: usize| {
        for _ in 0..times {
            assert!(matches!(guard.flush(), Err(FlushError::Failed(_))));
        }
    };
    fail(300);
    let (memory, threads) = (status("VmRSS"), status("Threads"));
    fail(2000);
    let grown = status("VmRSS").saturating_sub(memory);
    println!("{memory} kB after 300 refused exports, {grown} kB more after 2,000 more");
    // Half a kilobyte for each; what each would have sent is many times as much.
    assert!(grown < 1000, "{grown} kB more than {memory} kB");
    // The last one may not have left yet.
    eventually("no thread stays", || status("Threads") <= threads);
}

#[test]
fn who_gives_up_a_hundred_times_leaves_few_threads() {
    if !is_child(
        "memory::who_gives_up_a_hundred_times_leaves_few_threads",
        &[],
    ) {
        return;
    }
    let collector = Collector::start();
    collector.behave(Behaviour::Hangs);
    let bound = Duration::from_millis(5);
    let guard = start(&collector, Duration::from_secs(600), bound);
    let threads = status("Threads");
    for _ in 0..100 {
        assert_eq!(guard.flush(), Err(FlushError::TimedOut(bound)));
    }
    let more = status("Threads").saturating_sub(threads);
    println!("{more} threads more after 100 flushes that gave up");
    // 16 that wait for the one export that hangs, and what the collector runs.
    assert!(more <= 20, "{more}");
}
