//! How long events took, for `slo.duration`.
//!
//! Measured are the events that are good for availability, with the results `ok` and
//! `marked_good`: how long a failure took says nothing of how long an answer takes.
//!
//! All endpoints of a process have the same boundaries, so that their buckets can be added up:
//! the ones that OpenTelemetry recommends for servers, and every latency threshold of the
//! process that is known when measuring begins. So the events in the buckets up to a threshold are
//! those that were answered in time. What an SLI says more is in `slo.events` only: it also counts
//! as late what timed out, and as good what was marked so.

use crate::{
    Endpoint,
    count::{slot::Slot, thread_shard},
    registry,
};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

/// The boundaries of OpenTelemetry's conventions for the duration of HTTP requests, in
/// milliseconds.
const RECOMMENDED: [u64; 14] = [
    5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
];

/// As long as there are none, nothing is measured.
static BOUNDARIES: OnceLock<Boundaries> = OnceLock::new();

/// Between which buckets events are told apart.
#[derive(Debug)]
pub(crate) struct Boundaries {
    /// In nanoseconds, ascending.
    all: Box<[u64]>,
    /// How many boundaries are below 2ⁿ, by n: all of those, and none beyond twice that, are below
    /// what has its highest bit there.
    below: [u16; u64::BITS as usize],
}

impl Boundaries {
    fn new(all: Vec<u64>) -> Boundaries {
        let below = |n: usize| all.partition_point(|&boundary| boundary < 1 << n);
        let below = std::array::from_fn(|n| u16::try_from(below(n)).unwrap_or(u16::MAX));
        Boundaries {
            all: all.into(),
            below,
        }
    }

    /// The bucket of what took so long. A boundary belongs to the bucket below it, as a threshold
    /// is still in time.
    #[inline]
    fn bucket(&self, nanoseconds: u64) -> usize {
        let highest_bit = (nanoseconds | 1).ilog2() as usize;
        let mut bucket = usize::from(self.below[highest_bit]);
        while let Some(&boundary) = self.all.get(bucket)
            && boundary < nanoseconds
        {
            bucket += 1;
        }
        bucket
    }
}

static SINCE: OnceLock<SystemTime> = OnceLock::new();

/// So many boundaries are worth a word: each is a series of every endpoint.
const MANY_BOUNDARIES: usize = 40;

/// Measures from now on, to the end of the process, and says since when it does.
pub(crate) fn switch_on() -> SystemTime {
    let since = *SINCE.get_or_init(SystemTime::now);
    let boundaries = BOUNDARIES.get_or_init(|| Boundaries::new(boundaries(&registry::endpoints())));
    let boundaries = &boundaries.all;
    static SAID: AtomicBool = AtomicBool::new(false);
    if boundaries.len() > MANY_BOUNDARIES && !SAID.swap(true, Relaxed) {
        tracing::warn!(
            boundaries = boundaries.len(),
            endpoints = registry::endpoint_count(),
            "slo.duration has a series for each boundary and endpoint, and each latency threshold \
             of the process is a boundary: share objectives, or leave it out with \
             `slo_sdk::builder().durations(false)`"
        );
    }
    since
}

/// Recommended boundaries so close to a threshold that they tell nothing that it does not are
/// left out: each bucket is a series of every endpoint.
fn boundaries(endpoints: &[&Endpoint]) -> Vec<u64> {
    let mut thresholds: Vec<u64> = endpoints
        .iter()
        .flat_map(|endpoint| endpoint.slis().latencies())
        .map(|sli| nanoseconds(sli.threshold))
        .collect();
    thresholds.sort_unstable();
    thresholds.dedup();
    let is_close = |a: u64, b: u64| a.abs_diff(b) * 10 < a.max(b);
    let recommended = RECOMMENDED
        .map(|milliseconds| milliseconds * 1_000_000)
        .into_iter()
        .filter(|&r| !thresholds.iter().any(|&t| is_close(t, r)));
    let mut all: Vec<u64> = recommended.chain(thresholds.iter().copied()).collect();
    all.sort_unstable();
    all
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// What is measured by, where anyone wants to know.
#[inline]
pub(crate) fn boundaries_in_use() -> Option<&'static Boundaries> {
    BOUNDARIES.get()
}

impl Boundaries {
    /// An event of the endpoint at this place of the registry, which has that slot of the thread,
    /// took so long. Not inlined, so that where nothing is measured the end of an event is as
    /// short as before.
    #[inline(never)]
    pub(crate) fn measured(&self, slot: Option<&Slot>, place: usize, nanoseconds: u64) {
        let bucket = self.bucket(nanoseconds);
        match slot.and_then(Slot::made_row) {
            Some(row) => row.measured(bucket, nanoseconds),
            None => self.measured_first(slot, place, bucket, nanoseconds),
        }
    }

    #[cold]
    #[inline(never)]
    fn measured_first(&self, slot: Option<&Slot>, place: usize, bucket: usize, nanoseconds: u64) {
        let buckets = self.all.len() + 1;
        if let Some(slot) = slot {
            slot.row(buckets).measured(bucket, nanoseconds);
            return;
        }
        let shared = thread_shard::common();
        if !shared.is_some_and(|common| common.measured(place, buckets, bucket, nanoseconds)) {
            elsewhere(place, buckets, bucket, nanoseconds);
        }
    }
}

/// What was measured without a slot: while a thread ended, and of endpoints that its shard has
/// no room for.
static ELSEWHERE: Mutex<BTreeMap<usize, (Vec<u64>, u64)>> = Mutex::new(BTreeMap::new());

fn elsewhere(place: usize, buckets: usize, bucket: usize, nanoseconds: u64) {
    let mut elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
    let (events, sum) = elsewhere
        .entry(place)
        .or_insert_with(|| (vec![0; buckets], 0));
    events[bucket] += 1;
    *sum = sum.wrapping_add(nanoseconds);
}

/// How long the good events of an endpoint took, those with the results `ok` and `marked_good`.
///
/// ```
/// for endpoint in slo_sdk::snapshot().endpoints() {
///     let Some(durations) = endpoint.durations() else { continue };
///     for (at_most, events) in durations.buckets() {
///         println!("{} {at_most:?}: {events}", endpoint.name());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durations {
    boundaries: &'static [u64],
    /// Of each bucket.
    events: Vec<u64>,
    nanoseconds: u64,
}

impl Durations {
    /// Those of the endpoint at this place of the registry; `None` if none are measured.
    pub(crate) fn read(place: usize) -> Option<Durations> {
        let boundaries = &*BOUNDARIES.get()?.all;
        let mut events = vec![0; boundaries.len() + 1];
        let mut sum = 0_u64;
        for row in thread_shard::all().rows(place) {
            sum = sum.wrapping_add(row.add_to(&mut events));
        }
        let elsewhere = ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((others, nanoseconds)) = elsewhere.get(&place) {
            for (events, others) in events.iter_mut().zip(others) {
                *events += others;
            }
            sum = sum.wrapping_add(*nanoseconds);
        }
        Some(Durations {
            boundaries,
            events,
            nanoseconds: sum,
        })
    }

    pub(crate) fn combine(&mut self, other: &Durations, with: fn(u64, u64) -> u64) {
        for (events, other) in self.events.iter_mut().zip(&other.events) {
            *events = with(*events, *other);
        }
        self.nanoseconds = with(self.nanoseconds, other.nanoseconds);
    }

    /// Returns the longest duration that is in each bucket, and the events in it and not in one
    /// before. The last bucket has no longest.
    pub fn buckets(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let ends = self.boundaries.iter().map(|&ns| Duration::from_nanos(ns));
        ends.map(Some)
            .chain([None])
            .zip(self.events.iter().copied())
    }

    /// Events that took at most so long; `None` if that is not a boundary. Every latency
    /// threshold is one.
    pub fn within(&self, at_most: Duration) -> Option<u64> {
        let end = self.boundaries.binary_search(&nanoseconds(at_most)).ok()?;
        Some(self.events[..=end].iter().sum())
    }

    /// Returns all events.
    pub fn count(&self) -> u64 {
        self.events.iter().sum()
    }

    /// Returns how long all events took together.
    pub fn sum(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Declaration, Journey, Objectives, micros, millis};
    use std::thread;

    const fn objectives() -> Objectives {
        Objectives::new()
            .latency(99.0, millis(480))
            .latency_named("typical", 50.0, micros(300))
    }
    static DECLARATION: Declaration = Declaration::new(
        "measured",
        Journey::new("durations").objectives(objectives()),
    );
    static ENDPOINT: Endpoint = Endpoint::new(&DECLARATION);

    #[test]
    fn every_threshold_is_a_boundary_and_pushes_aside_what_is_close() {
        let milliseconds = [
            5, 10, 25, 50, 75, 100, 250, 480, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
        ];
        let mut expected = vec![300_000];
        expected.extend(milliseconds.map(|ms| ms * 1_000_000));
        assert_eq!(boundaries(&[&ENDPOINT, &ENDPOINT]), expected);
        assert_eq!(boundaries(&[]), RECOMMENDED.map(|ms| ms * 1_000_000));
    }

    #[test]
    fn a_boundary_belongs_to_the_bucket_below_it() {
        let boundaries = Boundaries::new(vec![10, 20]);
        let buckets = [0, 10, 11, 20, 21, u64::MAX].map(|ns| boundaries.bucket(ns));
        assert_eq!(buckets, [0, 0, 1, 1, 2, 2]);
    }

    /// Beside each boundary and each power of two, where the table and the search meet.
    #[test]
    fn every_duration_is_in_the_bucket_that_a_search_finds() {
        let tables = [
            vec![],
            vec![1],
            vec![u64::MAX],
            vec![1, 2, 3, 4, 5, 1 << 40, (1 << 40) + 1, u64::MAX - 1],
            RECOMMENDED.map(|ms| ms * 1_000_000).to_vec(),
            (0..2_000).map(|n| 1_000 + 7 * n).collect(),
        ];
        for all in tables {
            let boundaries = Boundaries::new(all.clone());
            let powers = (0..u64::BITS).map(|n| 1_u64 << n);
            for near in all.iter().copied().chain(powers).chain([0, u64::MAX]) {
                for ns in [near.saturating_sub(1), near, near.saturating_add(1)] {
                    let found = all.partition_point(|&boundary| boundary < ns);
                    assert_eq!(boundaries.bucket(ns), found, "{ns} among {all:?}");
                }
            }
        }
    }

    #[test]
    fn what_threads_measure_adds_up_wherever_they_measure_it() {
        const EVENTS: u64 = if cfg!(miri) { 20 } else { 2_000 };
        const PLACE: usize = 1_000_000;
        switch_on();
        let before = Durations::read(PLACE).unwrap().count();
        thread::scope(|scope| {
            for shard in [None, thread_shard::shard()] {
                scope.spawn(move || {
                    for event in 0..EVENTS {
                        // No shard has room for this place.
                        let slot = shard.and_then(|shard| shard.slot(PLACE));
                        let boundaries = boundaries_in_use().unwrap();
                        boundaries.measured(slot, PLACE, event * 1_000_000);
                    }
                });
            }
        });
        let durations = Durations::read(PLACE).unwrap();
        assert_eq!(durations.count() - before, 2 * EVENTS);
        let milliseconds = EVENTS * (EVENTS - 1);
        assert_eq!(durations.sum(), Duration::from_millis(milliseconds));
        assert_eq!(durations.within(Duration::from_millis(10)), Some(22));
        assert_eq!(durations.within(Duration::from_millis(11)), None);
        let listed: u64 = durations.buckets().map(|(_, events)| events).sum();
        assert_eq!(listed, durations.count());
    }
}
