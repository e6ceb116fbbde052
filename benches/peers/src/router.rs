//! The route that every peer serves: that of the cases beside it, whose handler does nothing.

use axum::{Router, extract::Path, routing::get};
use std::hint::black_box;

pub(crate) const PATH: &str = "/users/{id}";

pub(crate) async fn user(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

pub(crate) fn bare() -> Router {
    Router::new().route(PATH, get(user))
}
