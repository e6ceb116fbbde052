//! Stands for slo-sdk's endpoint: the counters, without anything else.

use crate::count::{
    cells::{Cells, Tally},
    pages::PAGE,
    shards::{Counters, Shards},
    shared_shard::SharedShard,
    slot::Slot,
};
use slo_model::Ending;

/// Its place in every shard: on the second page, which is made when it is first served.
pub(crate) const PLACE: usize = PAGE;

#[derive(Debug)]
pub(crate) struct Endpoint {
    cells: Cells,
    shards: Shards,
}

impl Endpoint {
    /// One that lives as long as the process, as those of slo-sdk do.
    pub(crate) fn leaked() -> &'static Endpoint {
        Box::leak(Box::new(Endpoint {
            cells: Cells::new(),
            shards: Shards::new(),
        }))
    }

    /// What a thread does with a shard of its own, which it hands on in the end.
    pub(crate) fn as_a_thread<R>(&'static self, work: impl FnOnce(&'static Slot) -> R) -> R {
        let Counters::Own(shard) = self.shards.take(PLACE + 1, usize::MAX) else {
            unreachable!("there is no cap");
        };
        let result = work(shard.slot(PLACE).expect("it has room for one"));
        self.shards.give(shard);
        result
    }

    /// What a thread does that owns none, while [another](Endpoint::as_a_thread) does.
    pub(crate) fn as_a_sharer<R>(&'static self, work: impl FnOnce(&'static SharedShard) -> R) -> R {
        match self.shards.take(PLACE + 1, 1) {
            Counters::SharedShard(common) => work(common),
            Counters::Own(_) => unreachable!("the only one is in use"),
        }
    }

    pub(crate) fn start(&self) {
        self.cells.start();
    }

    pub(crate) fn lose(&self) {
        self.cells.lose();
    }

    pub(crate) fn end(&self, ending: Ending) {
        self.cells.end(ending, 0);
    }

    pub(crate) fn read(&self) -> Tally {
        self.cells.read(&self.shards.all(), PLACE)
    }

    /// Events that ended as most do, of those in shards.
    pub(crate) fn completed(&self) -> u64 {
        self.shards.all().ended(PLACE)[0]
    }

    /// Events that were measured, and what they took.
    pub(crate) fn measured(&self) -> (u64, u64) {
        let mut events = [0];
        let nanoseconds = self
            .shards
            .all()
            .rows(PLACE)
            .map(|row| row.add_to(&mut events))
            .sum();
        (events[0], nanoseconds)
    }
}
