//! One snapshot for all instruments of a collection.
//!
//! The SDK asks each instrument in turn. If each read the counters again, an event that ends
//! in between would be missing in one and counted in the other, and `Σ results + in flight`
//! would not be what started. So the first instrument that is asked takes the snapshot and
//! the others use it. A collection runs on one thread from its start to its end; an
//! instrument that is asked a second time is in the next collection.

use crate::Snapshot;
#[cfg(feature = "otlp")]
use crate::snapshot;
use std::{
    cell::RefCell,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

static COLLECTIONS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static LATEST: RefCell<Option<Collection>> = const { RefCell::new(None) };
}

struct Collection {
    snapshot: Rc<Snapshot>,
    /// A bit per instrument that has used it.
    used: u32,
}

/// The snapshot for an instrument that is being asked; `instrument` is a bit of its own. It is
/// taken by `take` where it is the first that is asked.
pub(super) fn snapshot_for(instrument: u32, take: impl FnOnce() -> Snapshot) -> Rc<Snapshot> {
    LATEST.with_borrow_mut(|latest| match latest {
        Some(collection) if collection.used & instrument == 0 => {
            collection.used |= instrument;
            Rc::clone(&collection.snapshot)
        }
        _ => {
            COLLECTIONS.fetch_add(1, Relaxed);
            let snapshot = Rc::new(take());
            *latest = Some(Collection {
                snapshot: Rc::clone(&snapshot),
                used: instrument,
            });
            snapshot
        }
    })
}

/// The snapshot of the collection that this thread has made last.
#[cfg(feature = "otlp")]
pub(super) fn latest() -> Rc<Snapshot> {
    LATEST
        .with_borrow(|latest| Some(Rc::clone(&latest.as_ref()?.snapshot)))
        .unwrap_or_else(|| Rc::new(snapshot()))
}

/// How often anyone has collected, to notice a meter that does nothing.
pub(crate) fn collections() -> u64 {
    COLLECTIONS.load(Relaxed)
}
