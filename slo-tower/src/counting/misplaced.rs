//! Handlers that are reached elsewhere than their `route` says. Requests that are refused before
//! them are looked up by that route, and not found: nobody would ever see why.

use slo_sdk::{Endpoint, Route};
use std::{
    collections::BTreeSet,
    ptr,
    sync::{Mutex, PoisonError},
};

/// Endpoints that a warning has spoken of.
static REPORTED: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Warns once for each endpoint where what its handler was reached at `is_at` not. Of a path only
/// the first segment is told: the rest is what a client sent.
#[cold]
pub(crate) fn compare(endpoint: &'static Endpoint, seen: &str, is_at: impl FnOnce(&Route) -> bool) {
    let declaration = endpoint.declaration();
    let Some(route) = declaration.route.filter(|route| !is_at(route)) else {
        return;
    };
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    if !reported.insert(ptr::from_ref(endpoint).addr()) {
        return;
    }
    drop(reported);
    slo_sdk::layer::warn(format_args!(
        "{} was reached at `{seen}`, and its #[slo] says `route = \"{}\"`: requests that are \
         refused before it may be counted for nobody; say the route that clients ask for, or \
         `SloLayer::mounted_at` if a prefix is taken off before the layer",
        declaration.name,
        route.as_str(),
    ));
}

/// A path without what may be a client's secret: `/orders/…`.
pub(crate) fn shortened(path: &str) -> String {
    let rest = path.strip_prefix('/').unwrap_or(path);
    match rest.split_once('/') {
        Some((first, _)) => format!("/{first}/…"),
        None => format!("/{rest}"),
    }
}
