//! The counters that one thread owns.
//!
//! A counter that several threads write to moves from one processor's cache to the next with
//! every event. So each thread has a shard of its own, with the cells that the usual events
//! of each endpoint write to, and is the only one that writes to it: a load and a store do,
//! and no cache line moves. A thread that ends hands its shard on to one that begins, so
//! there are never more shards than there were threads at a time, and no count is ever moved.
//!
//! What is unusual is counted in the endpoint's own [`Cells`](crate::cells::Cells), which all
//! threads share.

use crate::{
    rows::{Row, Rows},
    sync::{
        AtomicU64, Mutex, MutexGuard,
        Ordering::{Acquire, Relaxed, Release},
    },
};
use slo_model::Ending;
use std::sync::PoisonError;

/// The usual ways an event ends: in time, after one latency threshold, and for a fault of the
/// client. Few enough for 64 threads to stay within the bound of memory per endpoint.
pub(crate) const USUAL: [(Ending, usize); 3] = [
    (Ending::Completed, 0),
    (Ending::Completed, 1),
    (Ending::ClientError, 0),
];

/// The place in [`USUAL`].
#[inline]
fn usual(ending: Ending, level: usize) -> Option<usize> {
    match (ending, level) {
        (Ending::Completed, 0) => Some(0),
        (Ending::Completed, 1) => Some(1),
        (Ending::ClientError, 0) => Some(2),
        _ => None,
    }
}

/// What one thread has counted of one endpoint.
#[derive(Debug)]
#[cfg_attr(not(loom), repr(align(32)))]
pub(crate) struct Slot {
    started: AtomicU64,
    ended: [AtomicU64; USUAL.len()],
}

impl Slot {
    fn new() -> Slot {
        Slot {
            started: AtomicU64::new(0),
            ended: std::array::from_fn(|_| AtomicU64::new(0)),
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
        let Some(place) = usual(ending, level) else {
            return false;
        };
        let cell = &self.ended[place];
        let ended = cell.load(Relaxed);
        // Whoever sees the end sees the start, on whichever thread that was.
        cell.store(ended + 1, Release);
        true
    }
}

/// The slots of one thread, for each endpoint by its place in the registry.
#[derive(Debug)]
pub(crate) struct Shard {
    /// The last few are nobody's: what a processor fetches at once is shared with no other shard.
    slots: Box<[Slot]>,
    rows: Rows,
}

/// So many slots fit into what a processor fetches at once.
const APART: usize = 128 / size_of::<[u64; 1 + USUAL.len()]>();

impl Shard {
    fn new(endpoints: usize) -> Shard {
        Shard {
            slots: (0..endpoints + APART).map(|_| Slot::new()).collect(),
            rows: Rows::new(),
        }
    }

    /// Nothing for endpoints that were not known when the shard was made.
    #[inline]
    pub(crate) fn slot(&self, place: usize) -> Option<&Slot> {
        self.slots.get(place)
    }

    /// The endpoint's row, where the shard has one already.
    #[inline]
    pub(crate) fn row_in_use(&self, place: usize) -> Option<&Row> {
        self.rows.get(place)
    }

    /// The endpoint's row of so many buckets; for the same endpoints as there are slots.
    #[inline]
    pub(crate) fn row(&self, place: usize, buckets: usize) -> Option<&Row> {
        self.rows.row(place, self.slots.len(), buckets)
    }
}

/// All shards of the process, in use or not.
#[derive(Debug)]
pub(crate) struct Shards(Mutex<Pool>);

#[derive(Debug)]
struct Pool {
    all: Vec<&'static Shard>,
    unused: Vec<&'static Shard>,
}

impl Shards {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Shards {
        Shards(Mutex::new(Pool::EMPTY))
    }

    /// Loom's locks can't be made in a constant.
    #[cfg(loom)]
    pub(crate) fn new() -> Shards {
        Shards(Mutex::new(Pool::EMPTY))
    }

    /// A shard for a thread to own, with room for so many endpoints if it is a new one.
    pub(crate) fn take(&self, endpoints: usize) -> &'static Shard {
        let mut pool = self.pool();
        if let Some(shard) = pool.unused.pop() {
            return shard;
        }
        let shard = Box::leak(Box::new(Shard::new(endpoints)));
        pool.all.push(shard);
        shard
    }

    /// Takes back the shard of a thread that counts no more in it.
    pub(crate) fn give(&self, shard: &'static Shard) {
        self.pool().unused.push(shard);
    }

    /// For reading. Meanwhile no thread begins to count in a shard that is not among these.
    pub(crate) fn all(&self) -> All<'_> {
        All(self.pool())
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    const EMPTY: Pool = Pool {
        all: Vec::new(),
        unused: Vec::new(),
    };
}

/// The shards there are.
#[derive(Debug)]
pub(crate) struct All<'a>(MutexGuard<'a, Pool>);

impl All<'_> {
    /// What the threads have measured of an endpoint.
    pub(crate) fn rows(&self, place: usize) -> impl Iterator<Item = &Row> {
        self.0
            .all
            .iter()
            .filter_map(move |shard| shard.row_in_use(place))
    }

    fn slots(&self, place: usize) -> impl Iterator<Item = &Slot> {
        self.0.all.iter().filter_map(move |shard| shard.slot(place))
    }

    /// Events of an endpoint that started.
    pub(crate) fn started(&self, place: usize) -> u64 {
        self.slots(place)
            .map(|slot| slot.started.load(Acquire))
            .sum()
    }

    /// Events of an endpoint that ended, in the order of [`USUAL`].
    pub(crate) fn ended(&self, place: usize) -> [u64; USUAL.len()] {
        let mut sums = [0; USUAL.len()];
        for slot in self.slots(place) {
            for (sum, cell) in sums.iter_mut().zip(&slot.ended) {
                *sum += cell.load(Acquire);
            }
        }
        sums
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_usual_endings_have_a_place_each() {
        for ending in Ending::ALL {
            for level in 0..3 {
                let listed = USUAL.iter().position(|&usual| usual == (ending, level));
                assert_eq!(usual(ending, level), listed);
            }
        }
    }

    #[test]
    fn a_shard_is_handed_on_with_its_counts() {
        let shards = Shards::new();
        let first = shards.take(5);
        let slot = |shard: &'static Shard| shard.slot(4).unwrap();
        slot(first).start();
        assert!(slot(first).end(Ending::ClientError, 0));
        assert!(!slot(first).end(Ending::Panicked, 0));
        let second = shards.take(5);
        assert!(!std::ptr::eq(first, second));
        slot(second).start();
        shards.give(first);
        let third = shards.take(1_000_000);
        assert!(std::ptr::eq(first, third));
        slot(third).start();
        let all = shards.all();
        assert_eq!((all.started(4), all.ended(4)), (3, [0, 0, 1]));
        assert_eq!((all.started(3), all.started(usize::MAX)), (0, 0));
    }
}
