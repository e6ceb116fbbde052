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

pub(crate) fn add(endpoint: &'static Endpoint) {
    if ENDPOINTS.iter().any(|known| std::ptr::eq(*known, endpoint)) {
        return;
    }
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    used.push(endpoint);
    USED_COUNT.store(used.len(), Relaxed);
}

/// How many endpoints are known so far. It never shrinks, so whoever made something from
/// [`endpoints`] sees whether it still holds.
pub fn endpoint_count() -> usize {
    ENDPOINTS.len() + USED_COUNT.load(Relaxed)
}

/// Every endpoint known so far, those of the linker's slice first.
///
/// For layers and tools; applications want [`snapshot()`](crate::snapshot()).
pub fn endpoints() -> Vec<&'static Endpoint> {
    let mut all = ENDPOINTS.to_vec();
    all.extend_from_slice(&USED.lock().unwrap_or_else(PoisonError::into_inner));
    all
}
