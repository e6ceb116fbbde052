//! What one thread has counted of one endpoint.

use crate::{
    count::thread_buckets::ThreadBuckets,
    sync::{
        AtomicU64, OnceLock,
        Ordering::{Acquire, Relaxed, Release},
    },
};
use slo_model::Ending;

/// The usual ways an event ends: in time, after one latency threshold, and for a fault of the
/// client. Few enough for a slot to fit into a cache line.
pub(crate) const COMMON_ENDINGS: [(Ending, usize); 3] = [
    (Ending::Completed, 0),
    (Ending::Completed, 1),
    (Ending::ClientError, 0),
];

/// The place in [`COMMON_ENDINGS`].
#[inline]
fn common_place(ending: Ending, level: usize) -> Option<usize> {
    match (ending, level) {
        (Ending::Completed, 0) => Some(0),
        (Ending::Completed, 1) => Some(1),
        (Ending::ClientError, 0) => Some(2),
        _ => None,
    }
}

/// Cells for the usual events of one endpoint, on a cache line.
#[derive(Debug)]
#[cfg_attr(not(loom), repr(align(64)))]
pub(crate) struct Slot {
    started: AtomicU64,
    ended: [AtomicU64; COMMON_ENDINGS.len()],
    /// Made when the first event is measured.
    row: OnceLock<ThreadBuckets>,
}

impl Slot {
    pub(crate) fn new() -> Slot {
        Slot {
            started: AtomicU64::new(0),
            ended: std::array::from_fn(|_| AtomicU64::new(0)),
            row: OnceLock::new(),
        }
    }

    /// Only for the thread that owns the shard.
    #[inline]
    pub(crate) fn start(&self) {
        let started = self.started.load(Relaxed);
        self.started.store(started + 1, Relaxed);
    }

    /// False where the event did not end as usual, and is to be counted elsewhere. Only for
    /// the thread that owns the shard.
    #[inline]
    pub(crate) fn end(&self, ending: Ending, level: usize) -> bool {
        let Some(place) = common_place(ending, level) else {
            return false;
        };
        let cell = &self.ended[place];
        let ended = cell.load(Relaxed);
        // Whoever sees the end sees the start, on whichever thread that was.
        cell.store(ended + 1, Release);
        true
    }

    /// As [`start`](Slot::start), for any number of threads.
    #[inline]
    pub(crate) fn add_start(&self) {
        self.started.fetch_add(1, Relaxed);
    }

    /// As [`end`](Slot::end), for any number of threads.
    #[inline]
    pub(crate) fn add_end(&self, ending: Ending, level: usize) -> bool {
        let Some(place) = common_place(ending, level) else {
            return false;
        };
        // Whoever sees the end sees the start, on whichever thread that was.
        self.ended[place].fetch_add(1, Release);
        true
    }

    /// What was measured; one row of so many buckets if there is none yet.
    pub(crate) fn row(&self, buckets: usize) -> &ThreadBuckets {
        self.row.get_or_init(|| ThreadBuckets::new(buckets))
    }

    /// The same, but only if it was made.
    #[inline]
    pub(crate) fn made_row(&self) -> Option<&ThreadBuckets> {
        self.row.get()
    }

    /// Events that started.
    pub(crate) fn started(&self) -> u64 {
        self.started.load(Acquire)
    }

    /// Adds the events that ended, in the order of [`COMMON_ENDINGS`].
    pub(crate) fn add_ended_to(&self, sums: &mut [u64; COMMON_ENDINGS.len()]) {
        for (sum, cell) in sums.iter_mut().zip(&self.ended) {
            *sum += cell.load(Acquire);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_slot_fits_into_a_cache_line() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    #[test]
    fn the_usual_endings_have_a_place_each() {
        for ending in Ending::ALL.iter().copied() {
            for level in 0..3 {
                let listed = COMMON_ENDINGS
                    .iter()
                    .position(|&common_place| common_place == (ending, level));
                assert_eq!(common_place(ending, level), listed);
            }
        }
    }
}
