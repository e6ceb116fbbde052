//! The same work on one thread and on two.

use crate::measure::Spread;
use std::{
    fmt, hint,
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 301;

/// How long one run takes about: less than a scheduler's slice, so that most are not cut.
const RUN: Duration = Duration::from_micros(300);

/// How long one operation takes, alone and beside another thread that does the same.
#[derive(Clone, Copy, Debug)]
pub struct Scaling {
    name: &'static str,
    /// Nanoseconds on one thread.
    pub one: Spread,
    /// Nanoseconds on each of two.
    pub two: Spread,
    /// How many were done in all.
    pub operations: u64,
}

impl Scaling {
    /// How many times as much two threads do; 2 is all there is to gain. Of the best rounds:
    /// whatever else runs on the machine only adds to them.
    pub fn factor(&self) -> f64 {
        2.0 * self.one.low / self.two.low
    }
}

/// Alternates one thread and two, so that both see the same machine. `worker` makes what a
/// thread does again and again.
pub fn measure<W: FnMut()>(name: &'static str, worker: impl Fn() -> W + Sync) -> Scaling {
    let (mut one, mut two) = (Vec::new(), Vec::new());
    let times = times(&worker);
    let mut operations = PROBE;
    for _ in 0..ROUNDS {
        one.extend(run(1, times, &worker));
        two.extend(run(2, times, &worker));
        operations += 3 * times;
    }
    let nothing = Spread {
        median: f64::NAN,
        low: f64::NAN,
        high: f64::NAN,
    };
    Scaling {
        name,
        one: Spread::from_values(one).unwrap_or(nothing),
        two: Spread::from_values(two).unwrap_or(nothing),
        operations,
    }
}

const PROBE: u64 = 10_000;

/// How many operations fill a run.
fn times<W: FnMut()>(worker: &(impl Fn() -> W + Sync)) -> u64 {
    let each = run(1, PROBE, worker).unwrap_or_default().max(0.1);
    (RUN.as_nanos() as f64 / each) as u64
}

/// Nanoseconds of one operation, the mean of all threads; `None` if they did not all run
/// at the same time, as on a machine that has something else to do.
fn run<W: FnMut()>(threads: usize, times: u64, worker: &(impl Fn() -> W + Sync)) -> Option<f64> {
    let waiting = AtomicUsize::new(threads);
    let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let spawn = || {
            scope.spawn(|| {
                let mut work = worker();
                waiting.fetch_sub(1, SeqCst);
                // A thread that sleeps here wakes up when the other is done.
                while waiting.load(SeqCst) > 0 {
                    hint::spin_loop();
                }
                let start = Instant::now();
                for _ in 0..times {
                    work();
                }
                (start, Instant::now())
            })
        };
        let spawned: Vec<_> = (0..threads).map(|_| spawn()).collect();
        spawned
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect()
    });
    let took = |(start, end): &(Instant, Instant)| end.duration_since(*start);
    let mean = spans.iter().map(took).sum::<Duration>() / u32::try_from(threads).ok()?;
    let together = spans
        .iter()
        .map(|(_, end)| *end)
        .min()?
        .saturating_duration_since(spans.iter().map(|(start, _)| *start).max()?);
    (spans.len() == threads && together >= mean.mul_f64(0.9))
        .then(|| mean.as_nanos() as f64 / times as f64)
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scaling { name, one, two, .. } = self;
        let factor = self.factor();
        write!(
            f,
            "| {name} | {:.1} ({:.1}–{:.1}) | {:.1} ({:.1}–{:.1}) | {factor:.2} |",
            one.median, one.low, one.high, two.median, two.low, two.high
        )
    }
}
