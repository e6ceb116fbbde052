//! The counters that one thread owns.
//!
//! A counter that several threads write to moves from one processor's cache to the next with
//! every event. So a thread has a shard of its own, with the cells that the usual events
//! of each endpoint write to, and is the only one that writes to it: a load and a store do,
//! and no cache line moves. A thread that ends hands its shard on to one that begins, so
//! there are never more shards than there were threads at a time, and no count is ever moved.
//!
//! Only so many threads own one. The others share a few [`SharedShard`] ones, so that memory grows with
//! the processors that can run threads, not with the threads.
//!
//! What is unusual is counted in the endpoint's own [`Cells`](crate::count::cells::Cells), which all
//! threads share.

use crate::{
    count::{
        pages::Pages,
        shared_shard::SharedShard,
        slot::{COMMON_ENDINGS, Slot},
        thread_buckets::ThreadBuckets,
    },
    sync::{Mutex, MutexGuard},
};
use std::sync::PoisonError;

/// The counters of one thread, for each endpoint by its place in the registry.
#[derive(Debug)]
pub(crate) struct Shard(Pages);

impl Shard {
    /// Room for so many endpoints, or a few more.
    pub(crate) fn new(endpoints: usize) -> Shard {
        Shard(Pages::new(endpoints))
    }

    /// The slot of the endpoint at this place. `None` for endpoints that were not known when
    /// the shard was made.
    #[inline]
    pub(crate) fn slot(&self, place: usize) -> Option<&Slot> {
        self.0.slot(place)
    }
}

/// Where a thread counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counters {
    /// Nobody else writes to it, until the thread gives it back.
    Own(&'static Shard),
    SharedShard(&'static SharedShard),
}

/// All shards of the process, in use or not.
#[derive(Debug)]
pub(crate) struct Shards(Mutex<Pool>);

#[derive(Debug)]
struct Pool {
    /// Those that a thread owns or owned, and the common ones.
    all: Vec<&'static Shard>,
    /// Those that a thread owned which has ended.
    unused: Vec<&'static Shard>,
    common: Vec<&'static SharedShard>,
    /// Threads that were given a common one so far.
    sharers: usize,
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

    /// A shard for a thread to own, with room for so many endpoints if it is a new one. Where
    /// `most` threads own one, one of half as many common ones.
    pub(crate) fn take(&self, endpoints: usize, most: usize) -> Counters {
        let mut pool = self.pool();
        if let Some(shard) = pool.unused.pop() {
            return Counters::Own(shard);
        }
        if pool.all.len() - pool.common.len() < most {
            let shard = Box::leak(Box::new(Shard::new(endpoints)));
            pool.all.push(shard);
            return Counters::Own(shard);
        }
        Counters::SharedShard(pool.share(endpoints, most.div_ceil(2)))
    }

    /// Takes back the shard of a thread that no longer counts in it.
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
        common: Vec::new(),
        sharers: 0,
    };

    /// The next of so many common shards, in turns.
    fn share(&mut self, endpoints: usize, number: usize) -> &'static SharedShard {
        let turn = self.sharers % number;
        self.sharers += 1;
        if let Some(common) = self.common.get(turn) {
            return common;
        }
        let common: &'static SharedShard = Box::leak(Box::new(SharedShard::new(endpoints)));
        self.common.push(common);
        self.all.push(common.shard());
        common
    }
}

/// The shards there are.
#[derive(Debug)]
pub(crate) struct All<'a>(MutexGuard<'a, Pool>);

impl All<'_> {
    /// What the threads have measured of an endpoint.
    pub(crate) fn rows(&self, place: usize) -> impl Iterator<Item = &ThreadBuckets> {
        self.slots(place).filter_map(Slot::made_row)
    }

    /// The slots of those that serve the endpoint or a neighbour of it.
    fn slots(&self, place: usize) -> impl Iterator<Item = &Slot> {
        let all = self.0.all.iter();
        all.filter_map(move |shard| shard.0.made_slot(place))
    }

    /// Events of an endpoint that started.
    pub(crate) fn started(&self, place: usize) -> u64 {
        self.slots(place).map(Slot::started).sum()
    }

    /// Events of an endpoint that ended, in the order of [`COMMON_ENDINGS`].
    pub(crate) fn ended(&self, place: usize) -> [u64; COMMON_ENDINGS.len()] {
        let mut sums = [0; COMMON_ENDINGS.len()];
        for slot in self.slots(place) {
            slot.add_ended_to(&mut sums);
        }
        sums
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use slo_model::Ending;

    fn own(counters: Counters) -> &'static Shard {
        match counters {
            Counters::Own(shard) => shard,
            Counters::SharedShard(_) => panic!("a common one"),
        }
    }

    fn common(counters: Counters) -> &'static SharedShard {
        match counters {
            Counters::SharedShard(common) => common,
            Counters::Own(_) => panic!("one of its own"),
        }
    }

    #[test]
    fn a_shard_is_handed_on_with_its_counts() {
        let shards = Shards::new();
        let first = own(shards.take(5, 2));
        let slot = |shard: &'static Shard| shard.slot(4).unwrap();
        slot(first).start();
        assert!(slot(first).end(Ending::ClientError, 0));
        assert!(!slot(first).end(Ending::Panicked, 0));
        let second = own(shards.take(5, 2));
        assert!(!std::ptr::eq(first, second));
        slot(second).start();
        shards.give(first);
        let third = own(shards.take(1_000_000, 2));
        assert!(std::ptr::eq(first, third));
        slot(third).start();
        let all = shards.all();
        assert_eq!((all.started(4), all.ended(4)), (3, [0, 0, 1]));
        assert_eq!((all.started(3), all.started(usize::MAX)), (0, 0));
    }

    #[test]
    fn beyond_the_cap_threads_take_turns_with_common_shards() {
        const MOST: usize = 4;
        let shards = Shards::new();
        let owned: Vec<_> = (0..MOST).map(|_| own(shards.take(1, MOST))).collect();
        let shared: Vec<_> = (0..60).map(|_| common(shards.take(1, MOST))).collect();
        assert_eq!(shards.all().0.all.len(), MOST + MOST / 2);
        for (turn, common) in shared.iter().enumerate() {
            assert!(std::ptr::eq(*common, shared[turn % 2]));
            assert!(common.start(0));
        }
        assert!(!std::ptr::eq(shared[0], shared[1]));
        for shard in &owned {
            shard.slot(0).unwrap().start();
        }
        assert_eq!(shards.all().started(0), 64);
        // The next thread owns what one that ended has left.
        shards.give(owned[2]);
        assert!(std::ptr::eq(own(shards.take(1, MOST)), owned[2]));
        common(shards.take(1, MOST));
    }
}
