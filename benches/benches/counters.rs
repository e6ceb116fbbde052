//! The table of the counters: what one event costs without a layer, and how counting scales
//! where two threads count for one endpoint.
//!
//! `-- --gate` fails where the scaling misses its bound. It is a ratio of ratios of one run,
//! so a machine that is slow as a whole does not matter; one that has less than two free
//! processors shows in the control, and nothing is gated then. Whoever else runs for a moment takes from the
//! scaling and never adds to it, so a run that misses the bound is repeated: what threads really wait for each other
//! is there in each of them.

use slo_benches::scaling::{Scaling, measure};
use slo_sdk::{Endpoint, Journey, Objectives, endpoint, millis};
use std::{
    env,
    hint::black_box,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

const COUNTED: Journey = Journey::new("counted").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(250)),
);

static ONE: &Endpoint = endpoint!(name = "one", journey = COUNTED);

/// As far apart as the processor fetches.
#[repr(align(128))]
struct Apart(AtomicU64);

static SHARED: AtomicU64 = AtomicU64::new(0);

const BOUND: f64 = 0.9;

/// A machine that does not scale itself proves nothing.
const TWO_PROCESSORS: f64 = 1.7;

/// Runs until one meets the bound.
const RUNS: usize = 60;

fn main() -> ExitCode {
    let gates = env::args().any(|argument| argument == "--gate");
    let mut missed = Vec::new();
    for _ in 0..RUNS {
        let [ratio, control] = compare();
        report(ratio, control);
        let is_judged = control >= TWO_PROCESSORS;
        if !gates || is_judged && ratio >= BOUND {
            return ExitCode::SUCCESS;
        }
        missed.extend(is_judged.then(|| format!("{ratio:.2}")));
    }
    if missed.is_empty() {
        return ExitCode::SUCCESS;
    }
    let missed = missed.join(", ");
    eprintln!("error: counting scales {missed} times as well as the control, bound {BOUND}");
    ExitCode::FAILURE
}

/// How well counting scales against the control, and how well that does.
fn compare() -> [f64; 2] {
    let control = measure("a load and a store, each thread its own", || {
        let own = Apart(AtomicU64::new(0));
        move || {
            let own = black_box(&own.0);
            own.store(own.load(Relaxed) + 1, Relaxed);
        }
    });
    let shared = measure("one atomic counter that all share", || {
        || {
            SHARED.fetch_add(1, Relaxed);
        }
    });
    let before = counted();
    let event = measure("an event of one endpoint, from start to end", || {
        || ONE.event().good()
    });
    assert_eq!(
        counted() - before,
        event.operations,
        "every event is counted, whoever counted it"
    );
    print(&[&control, &shared, &event]);
    [event.factor() / control.factor(), control.factor()]
}

fn counted() -> u64 {
    let snapshot = slo_sdk::snapshot();
    let one = snapshot.endpoint("one");
    one.map_or(0, |one| one.results().map(|(_, events)| events).sum())
}

#[expect(clippy::print_stdout, reason = "its output")]
fn print(rows: &[&Scaling]) {
    println!("| | one thread, ns | two threads, ns each | throughput of two |");
    println!("| --- | --- | --- | --- |");
    for row in rows {
        println!("{row}");
    }
}

#[expect(clippy::print_stdout, reason = "its output")]
fn report(ratio: f64, control: f64) {
    let verdict = match (control >= TWO_PROCESSORS, ratio >= BOUND) {
        (false, _) => "not judged: the machine has no two free processors",
        (true, true) => "met",
        (true, false) => "missed",
    };
    println!("\n| counting on two threads, against the control | bound | measured | |");
    println!("| --- | --- | --- | --- |");
    println!("| scales | {BOUND} | {ratio:.2} | {verdict} |");
}
