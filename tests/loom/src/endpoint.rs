//! Stands for slo-sdk's endpoint: the counters, without anything else.

use crate::{
    cells::{Cells, Tally},
    pages::PAGE,
    shards::Shards,
    slot::Slot,
};
use slo_model::Ending;

/// Its place in every shard: on the second page, which is made when it is first served.
const PLACE: usize = PAGE;

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
        let shard = self.shards.take(PLACE + 1);
        let result = work(shard.slot(PLACE).expect("it has room for one"));
        self.shards.give(shard);
        result
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
}
