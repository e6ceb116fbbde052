//! All endpoints of the process.
//!
//! They are found in two ways: through a slice that the linker puts together, which knows
//! those nobody called yet, and by registering themselves when first used, so that a linker
//! that loses the slice costs zeros at the start but never an event.

use crate::Endpoint;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// The slice of the linker.
#[linkme::distributed_slice]
pub static ENDPOINTS: [&'static Endpoint];

static USED: Mutex<Vec<&'static Endpoint>> = Mutex::new(Vec::new());

/// Length of `USED`, readable without its lock.
static USED_COUNT: AtomicUsize = AtomicUsize::new(0);

/// The place of an endpoint among all of them; one that the linker lost gets the next.
pub(crate) fn place(endpoint: &'static Endpoint) -> usize {
    let among = |all: &[&'static Endpoint]| all.iter().position(|e| std::ptr::eq(*e, endpoint));
    if let Some(place) = among(&ENDPOINTS) {
        return place;
    }
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    let place = among(&used).unwrap_or_else(|| {
        used.push(endpoint);
        USED_COUNT.store(used.len(), Relaxed);
        used.len() - 1
    });
    ENDPOINTS.len() + place
}

/// Returns how many endpoints are known so far. It never shrinks, so whoever made something from
/// [`endpoints`] sees whether it still holds.
pub fn endpoint_count() -> usize {
    ENDPOINTS.len() + USED_COUNT.load(Relaxed)
}

/// Returns every endpoint known so far, those of the linker's slice first.
///
/// For layers and tools; applications want [`snapshot()`](crate::snapshot()).
pub fn endpoints() -> Vec<&'static Endpoint> {
    let mut all = ENDPOINTS.to_vec();
    all.extend_from_slice(&USED.lock().unwrap_or_else(PoisonError::into_inner));
    all
}
