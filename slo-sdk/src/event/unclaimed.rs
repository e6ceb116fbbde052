//! Events that wait for a handler to claim them, and of which it is not known where they
//! are going.
//!
//! An event is one of an endpoint from the claim on. What hangs before that, in a middleware
//! or while the body of a request does not come, would not be seen; so an event that is not
//! claimed when it is first left pending is counted from then on: as started for the endpoint
//! it is bound for, or as one of these.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static UNCLAIMED: AtomicU64 = AtomicU64::new(0);

/// One more waits.
pub(crate) fn begin() {
    UNCLAIMED.fetch_add(1, Relaxed);
}

/// One waits no longer.
pub(crate) fn end() {
    UNCLAIMED.fetch_sub(1, Relaxed);
}

/// How many wait.
pub(crate) fn count() -> u64 {
    UNCLAIMED.load(Relaxed)
}
