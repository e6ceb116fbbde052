//! Events that still wait for a handler to claim them.
//!
//! An event is one of an endpoint from the claim on. What hangs before that, in a middleware
//! or while the body of a request does not come, would not be seen; so an event that is not
//! claimed when it is first left pending is counted from then on: as started for the endpoint
//! it is bound for, or as one of nobody knows which.

use crate::Endpoint;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How an event that waits has been counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waiting {
    /// As started, for the endpoint that its route says.
    For(&'static Endpoint),
    /// As one of those of which it is not known where they are going.
    Unclaimed,
}

/// How many wait of which it is not known where they are going.
static UNCLAIMED: AtomicU64 = AtomicU64::new(0);

impl Waiting {
    /// Counts an event that is bound for this endpoint, if for any.
    pub(crate) fn begin(bound_for: Option<&'static Endpoint>) -> Waiting {
        match bound_for {
            Some(endpoint) => {
                endpoint.start();
                Waiting::For(endpoint)
            }
            None => {
                UNCLAIMED.fetch_add(1, Relaxed);
                Waiting::Unclaimed
            }
        }
    }

    /// The event turns out to be one of this endpoint, or none at all. True if it has been
    /// counted as started there.
    pub(crate) fn is_over(self, endpoint: Option<&'static Endpoint>) -> bool {
        match (self, endpoint) {
            (Waiting::For(bound_for), Some(endpoint)) if std::ptr::eq(bound_for, endpoint) => true,
            (Waiting::For(bound_for), _) => {
                bound_for.lose();
                false
            }
            (Waiting::Unclaimed, _) => {
                UNCLAIMED.fetch_sub(1, Relaxed);
                false
            }
        }
    }
}

/// How many events wait of which it is not known where they are going.
pub(crate) fn unclaimed() -> u64 {
    UNCLAIMED.load(Relaxed)
}
