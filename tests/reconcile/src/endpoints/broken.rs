//! Answers that break: panics, and bodies that fail midway.

use super::CHAOS;
use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use slo_sdk::slo;
use std::io;

/// What every panic here says, so that it can be kept off the screen.
pub(crate) const ON_PURPOSE: &str = "on purpose";

#[slo(journey = CHAOS)]
async fn panicking() -> &'static str {
    tokio::task::yield_now().await;
    panic!("{ON_PURPOSE}")
}

/// A good word does not undo a panic.
#[slo(journey = CHAOS)]
async fn marked_panicking() -> &'static str {
    slo_sdk::current().good();
    panic!("{ON_PURPOSE}")
}

#[slo(journey = CHAOS)]
async fn panicking_body() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok::<_, io::Error>(Bytes::from_static(b"part"));
        tokio::task::yield_now().await;
        panic!("{ON_PURPOSE}");
    })
}

#[slo(journey = CHAOS)]
async fn broken_body() -> Body {
    breaking()
}

/// Announces more than it sends.
#[slo(journey = CHAOS)]
async fn broken_download() -> ([(&'static str, &'static str); 1], Body) {
    ([("content-length", "10")], breaking())
}

/// The same without an error: it just ends too early.
#[slo(journey = CHAOS)]
async fn short_download() -> ([(&'static str, &'static str); 1], Body) {
    let body = Body::from_stream(async_stream::stream! {
        yield Ok::<_, io::Error>(Bytes::from_static(b"12345"));
        tokio::task::yield_now().await;
    });
    ([("content-length", "10")], body)
}

/// Nor does a good word undo an answer that broke off.
#[slo(journey = CHAOS)]
async fn marked_broken() -> Body {
    slo_sdk::current().good();
    breaking()
}

fn breaking() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok(Bytes::from_static(b"part"));
        tokio::task::yield_now().await;
        yield Err(io::Error::other(ON_PURPOSE));
    })
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/panicking", get(panicking))
        .route("/marked-panicking", get(marked_panicking))
        .route("/panicking-body", get(panicking_body))
        .route("/broken-body", get(broken_body))
        .route("/broken-download", get(broken_download))
        .route("/short-download", get(short_download))
        .route("/marked-broken", get(marked_broken))
}
