//! Services that only find the one that does the work.

/// True for services that are known to run nobody's code when they are called, but to make a
/// future that does. Their calls need not be entered: no handler can claim the event there,
/// and they don't panic.
#[cfg(feature = "axum")]
#[inline]
pub(crate) fn only_finds_the_way<S>() -> bool {
    use axum::{Router, routing::Route};
    use std::convert::Infallible;
    let service = typeid::of::<S>();
    service == typeid::of::<Router>() || service == typeid::of::<Route<Infallible>>()
}
