//! A process for each run of a job: every run arrives, after a zero of its own.

use crate::{
    Writer,
    collector::{Collector, sums},
    writer,
};
use std::{
    collections::BTreeMap,
    process::{Child, Command},
    thread,
    time::Duration,
};

fn run(collector: &Collector, fails: bool) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_once"));
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    if fails {
        command.env("FAIL", "1");
    }
    command.spawn().unwrap()
}

fn ends_well(mut run: Child) {
    assert!(run.wait().unwrap().success());
}

/// What each process sent, in order: good and bad runs.
fn by_writer(collector: &Collector) -> BTreeMap<Writer, Vec<(u64, u64)>> {
    let mut by_writer = BTreeMap::<_, Vec<_>>::new();
    for export in collector.received() {
        let events = sums(&export, "slo.events");
        let of = |outcome: &str| {
            events[&["settle", "lifecycle", outcome, "availability"]
                .map(str::to_owned)
                .to_vec()]
        };
        by_writer
            .entry(writer(&export))
            .or_default()
            .push((of("good"), of("bad")));
    }
    by_writer
}

fn arrived(collector: &Collector, good: usize, bad: usize) {
    let by_writer = by_writer(collector);
    assert_eq!(
        by_writer.len(),
        good + bad,
        "a writer for each run: {by_writer:?}"
    );
    let mut sum = (0, 0);
    for (writer, sent) in &by_writer {
        assert_eq!(sent[0], (0, 0), "{writer:?}: {sent:?}");
        assert!(sent.is_sorted(), "{writer:?}: {sent:?}");
        let last = sent[sent.len() - 1];
        sum = (sum.0 + last.0, sum.1 + last.1);
    }
    assert_eq!(sum, (good as u64, bad as u64));
}

#[test]
fn every_run_arrives() {
    let collector = Collector::start();
    for fails in [true, false, true] {
        ends_well(run(&collector, fails));
    }
    arrived(&collector, 1, 2);
}

#[test]
fn runs_that_overlap_arrive() {
    let collector = Collector::start();
    let runs: Vec<_> = (0..8)
        .map(|number| run(&collector, number % 2 == 0))
        .collect();
    runs.into_iter().for_each(ends_well);
    arrived(&collector, 4, 4);
}

/// The network of a pod that has just begun: nobody is there at first.
#[test]
fn a_run_whose_collector_comes_a_moment_later_arrives() {
    let collector = Collector::start();
    collector.refuse();
    let run = run(&collector, true);
    thread::sleep(Duration::from_millis(300));
    collector.listen();
    ends_well(run);
    arrived(&collector, 0, 1);
}
