//! The shard of the thread that runs.

use crate::{
    common::Common,
    process, registry,
    shards::{All, Counters, Shard, Shards},
    watch,
};
use std::{cell::Cell, sync::LazyLock, thread};

static SHARDS: Shards = Shards::new();

thread_local! {
    // Has no destructor, so that reading it asks for nothing.
    static MINE: Cell<Option<Counters>> = const { Cell::new(None) };

    /// Has one, which hands the shard on.
    static KEEPER: Keeper = Keeper(SHARDS.take(registry::endpoint_count() + SPARE, *MOST_OWNERS));
}

/// Threads that own a shard at most: no more than twice as many as can run at a time, and enough
/// for a small machine's runtime.
static MOST_OWNERS: LazyLock<usize> = LazyLock::new(|| {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    (2 * processors).max(4)
});

/// Room for endpoints that a linker did not collect and nobody has called yet.
const SPARE: usize = 16;

struct Keeper(Counters);

impl Drop for Keeper {
    fn drop(&mut self) {
        // In a common one the thread may count to its very end.
        if let Counters::Own(shard) = self.0 {
            MINE.set(None);
            SHARDS.give(shard);
        }
    }
}

/// The shard that this thread owns. `None` where it counts in a [`common`] one, and while it ends.
#[inline]
pub(crate) fn shard() -> Option<&'static Shard> {
    match MINE.get() {
        Some(Counters::Own(shard)) => Some(shard),
        Some(Counters::Common(_)) => None,
        None => first(),
    }
}

#[cold]
fn first() -> Option<&'static Shard> {
    process::began();
    watch::first_event();
    let counters = KEEPER.try_with(|keeper| keeper.0).ok()?;
    MINE.set(Some(counters));
    match counters {
        Counters::Own(shard) => Some(shard),
        Counters::Common(_) => None,
    }
}

/// The shard that this thread shares with others, once [`shard`] has found that it owns none.
#[inline]
pub(crate) fn common() -> Option<&'static Common> {
    match MINE.get() {
        Some(Counters::Common(common)) => Some(common),
        Some(Counters::Own(_)) | None => None,
    }
}

/// Those of all threads.
pub(crate) fn all() -> All<'static> {
    SHARDS.all()
}
