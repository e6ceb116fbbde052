//! The shard of the thread that runs.

use crate::{
    process, registry,
    shards::{All, Shard, Shards},
    watch,
};
use std::cell::Cell;

static SHARDS: Shards = Shards::new();

thread_local! {
    // Has no destructor, so that reading it asks for nothing.
    static MINE: Cell<Option<&'static Shard>> = const { Cell::new(None) };

    /// Has one, which hands the shard on.
    static KEEPER: Keeper = Keeper(SHARDS.take(registry::endpoint_count() + SPARE));
}

/// Room for endpoints that a linker did not collect and nobody has called yet.
const SPARE: usize = 16;

struct Keeper(&'static Shard);

impl Drop for Keeper {
    fn drop(&mut self) {
        MINE.set(None);
        SHARDS.give(self.0);
    }
}

/// This thread's shard; nothing while the thread ends.
#[inline]
pub(crate) fn shard() -> Option<&'static Shard> {
    match MINE.get() {
        Some(shard) => Some(shard),
        None => first(),
    }
}

#[cold]
fn first() -> Option<&'static Shard> {
    process::began();
    watch::first_event();
    let shard = KEEPER.try_with(|keeper| keeper.0).ok()?;
    MINE.set(Some(shard));
    Some(shard)
}

/// Those of all threads.
pub(crate) fn all() -> All<'static> {
    SHARDS.all()
}
