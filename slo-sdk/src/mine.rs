//! The shard of the thread that runs.

use crate::{
    registry,
    shards::{All, Shard, Shards, Slot},
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

/// This thread's slot for the endpoint at this place of the registry. Nothing for one that
/// has none, and while the thread ends.
#[inline]
pub(crate) fn slot(place: usize) -> Option<&'static Slot> {
    match MINE.get() {
        Some(shard) => shard.slot(place),
        None => first(place),
    }
}

#[cold]
fn first(place: usize) -> Option<&'static Slot> {
    let shard = KEEPER.try_with(|keeper| keeper.0).ok()?;
    MINE.set(Some(shard));
    shard.slot(place)
}

/// Those of all threads.
pub(crate) fn all() -> All<'static> {
    SHARDS.all()
}
