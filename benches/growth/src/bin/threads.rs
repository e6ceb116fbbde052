//! The table of threads: from one to 64, threads that come and go, and events that end on
//! another thread than they started on. None of their events may be lost.

use slo_growth::{GROWTH, memory::resident, middle::median};
use slo_sdk::{Endpoint, Event, endpoint};
use std::{
    array,
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
        mpsc,
    },
    thread,
    time::Instant,
};

static SHARED: &Endpoint = endpoint!(name = "shared", journey = GROWTH);

/// One for each of two threads, beside each other in memory or not, as the linker likes.
static OWN: [&Endpoint; 2] = [
    endpoint!(name = "own-0", journey = GROWTH),
    endpoint!(name = "own-1", journey = GROWTH),
];

static COMING: &Endpoint = endpoint!(name = "coming-and-going", journey = GROWTH);
static HANDED: &Endpoint = endpoint!(name = "handed-on", journey = GROWTH);

#[expect(clippy::print_stdout, reason = "its output")]
fn main() {
    println!(
        "| threads | one endpoint, million events a second | × one thread | two endpoints | \
         × one thread | control: two stores into memory of one's own | × one thread | lost |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    let mut alone = [1.0; 3];
    for threads in [1, 2, 4, 8, 16, 32, 64] {
        let before = counted(&["shared", "own-0", "own-1"]);
        let rates = rates(threads);
        let lost = ROUNDS * 2 * EVENTS - (counted(&["shared", "own-0", "own-1"]) - before);
        if threads == 1 {
            alone = rates;
        }
        let [shared, own, control]: [String; 3] =
            array::from_fn(|at| format!("{:.1} | {:.2}", rates[at], rates[at] / alone[at]));
        println!("| {threads} | {shared} | {own} | {control} | {lost} |");
    }
    println!("\n{}", come_and_go());
    println!("{}", handed_on());
}

/// Of a measurement, over all threads; each number of threads divides it.
const EVENTS: u64 = 1 << 20;
const ROUNDS: u64 = 7;
/// The control is that many times faster, and would be over before all threads run.
const STORES: f64 = 64.0;

/// Million events a second: of one endpoint, of two, and of the control; medians.
fn rates(threads: u64) -> [f64; 3] {
    let rounds = (0..ROUNDS).map(|_| {
        [
            rate(threads, |_, events| count(SHARED, events)),
            rate(threads, |thread, events| count(OWN[thread % 2], events)),
            STORES * rate(threads, |_, events| store(STORES as u64 * events)),
        ]
    });
    let rounds: Vec<[f64; 3]> = rounds.collect();
    array::from_fn(|at| median(rounds.iter().map(|round| round[at]).collect()))
}

fn rate(threads: u64, work: impl Fn(usize, u64) + Sync) -> f64 {
    let (ready, done) = (
        Barrier::new(threads as usize + 1),
        Barrier::new(threads as usize + 1),
    );
    thread::scope(|scope| {
        for thread in 0..threads as usize {
            let (ready, done, work) = (&ready, &done, &work);
            scope.spawn(move || {
                ready.wait();
                work(thread, EVENTS / threads);
                done.wait();
            });
        }
        ready.wait();
        let start = Instant::now();
        done.wait();
        EVENTS as f64 / start.elapsed().as_secs_f64() / 1e6
    })
}

fn count(endpoint: &'static Endpoint, events: u64) {
    for _ in 0..events {
        endpoint.event().good();
    }
}

/// As an event would be counted that is nothing but its two counters.
fn store(events: u64) {
    #[repr(align(128))]
    struct Cells([AtomicU64; 2]);
    let cells = std::hint::black_box(Box::new(Cells([AtomicU64::new(0), AtomicU64::new(0)])));
    for _ in 0..events {
        for cell in &cells.0 {
            cell.store(cell.load(Relaxed) + 1, Relaxed);
        }
    }
    std::hint::black_box(cells);
}

fn counted(endpoints: &[&str]) -> u64 {
    let snapshot = slo_sdk::snapshot();
    let of = |name: &&str| {
        snapshot
            .endpoint(name)
            .map_or(0, slo_sdk::EndpointCounts::ended)
    };
    endpoints.iter().map(of).sum()
}

/// Threads that end a few events each and are gone, while somebody reads all the time.
fn come_and_go() -> String {
    const AT_ONCE: u64 = 64;
    const GENERATIONS: u64 = 100;
    const EACH: u64 = 500;
    let done = AtomicBool::new(false);
    let mut memory = Vec::new();
    let mut reads = 0;
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut reads, mut last) = (0_u64, 0);
            while !done.load(Relaxed) {
                let snapshot = slo_sdk::snapshot();
                let now = snapshot.endpoint("coming-and-going").map_or(0, |counts| {
                    assert!(counts.ended() <= counts.started());
                    counts.ended()
                });
                assert!(now >= last, "{now} events after {last}");
                last = now;
                reads += 1;
            }
            reads
        });
        for _ in 0..GENERATIONS {
            thread::scope(|scope| {
                for _ in 0..AT_ONCE {
                    scope.spawn(|| count(COMING, EACH));
                }
            });
            memory.push(resident());
        }
        done.store(true, Relaxed);
        reads = reader.join().unwrap_or_default();
    });
    let threads = AT_ONCE * GENERATIONS;
    let lost = threads * EACH - counted(&["coming-and-going"]);
    format!(
        "{threads} threads that come and go, {AT_ONCE} at a time, {EACH} events each: {lost} \
         events lost, {reads} times read meanwhile; {} KiB resident after {} of them, {} after all.",
        memory[9],
        10 * AT_ONCE,
        memory[memory.len() - 1]
    )
}

/// Events that start on one thread and end on the next.
fn handed_on() -> String {
    const PAIRS: u64 = 32;
    const EACH: u64 = 5000;
    thread::scope(|scope| {
        for _ in 0..PAIRS {
            let (start, end) = mpsc::sync_channel::<Event>(64);
            scope.spawn(move || {
                for _ in 0..EACH {
                    if start.send(HANDED.event()).is_err() {
                        return;
                    }
                }
            });
            scope.spawn(move || end.iter().for_each(Event::good));
        }
    });
    let lost = PAIRS * EACH - counted(&["handed-on"]);
    format!(
        "{} events that start on one thread and end on another, {PAIRS} pairs of threads: {lost} \
         lost.",
        PAIRS * EACH
    )
}
