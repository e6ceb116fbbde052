//! Services that only find the one that does the work.

use crate::Standard;
use axum::{Router, routing::Route};
use std::convert::Infallible;

/// True where a call runs nobody's code: the service only makes a future that does, and the table
/// judges. Such calls need not be entered: no handler can claim the event there, and they don't
/// panic.
#[inline]
pub(crate) fn is_known_router<S, C>() -> bool {
    let service = typeid::of::<S>();
    typeid::of::<C>() == typeid::of::<Standard>()
        && (service == typeid::of::<Router>() || service == typeid::of::<Route<Infallible>>())
}
