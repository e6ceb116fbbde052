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
    pages::{Page, Pages},
    rows::Row,
    slot::{Slot, USUAL},
    sync::{Mutex, MutexGuard},
};
use std::sync::PoisonError;

/// The counters of one thread, for each endpoint by its place in the registry.
#[derive(Debug)]
pub(crate) struct Shard(Pages);

impl Shard {
    /// The page of the endpoint at this place. `None` for endpoints that were not known when
    /// the shard was made.
    #[inline]
    pub(crate) fn page(&self, place: usize) -> Option<&Page> {
        self.0.page(place)
    }

    /// The endpoint's slot of that page.
    #[inline]
    pub(crate) fn slot(&self, place: usize) -> Option<&Slot> {
        Some(self.page(place)?.slot(place))
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
        let shard = Box::leak(Box::new(Shard(Pages::new(endpoints))));
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
        self.pages(place)
            .filter_map(move |page| page.made_row(place))
    }

    /// The pages of those that serve the endpoint or a neighbour of it.
    fn pages(&self, place: usize) -> impl Iterator<Item = &Page> {
        self.0
            .all
            .iter()
            .filter_map(move |shard| shard.0.made(place))
    }

    /// Events of an endpoint that started.
    pub(crate) fn started(&self, place: usize) -> u64 {
        self.pages(place)
            .map(|page| page.slot(place).started())
            .sum()
    }

    /// Events of an endpoint that ended, in the order of [`USUAL`].
    pub(crate) fn ended(&self, place: usize) -> [u64; USUAL.len()] {
        let mut sums = [0; USUAL.len()];
        for page in self.pages(place) {
            page.slot(place).add_ended_to(&mut sums);
        }
        sums
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use slo_model::Ending;

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
