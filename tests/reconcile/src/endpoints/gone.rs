//! What a client leaves before it is over, or what a deadline ends.
//!
//! A handler that hangs tells when it has come so far that leaving it has one meaning only;
//! see [`signals`](crate::signals). A stream tells by its first part.

use super::{CHAOS, LONG, PATIENT};
use crate::signals::tell;
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use slo_sdk::{millis, slo};
use std::{convert::Infallible, future::pending, time::Duration};
use tokio::time::sleep;

/// Parts without end, the first of them after a while.
pub(super) fn endless(before: Duration) -> Body {
    const PAUSE: Duration = Duration::from_millis(2);
    Body::from_stream(async_stream::stream! {
        sleep(before).await;
        loop {
            yield Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 256]));
            sleep(PAUSE).await;
        }
    })
}

#[slo(journey = CHAOS)]
async fn hang(headers: HeaderMap) -> &'static str {
    tell(&headers);
    pending().await
}

#[slo(journey = CHAOS, latency = 99% < 1ms)]
async fn hang_late(headers: HeaderMap) -> &'static str {
    sleep(LONG).await;
    tell(&headers);
    pending().await
}

/// Left between its two thresholds.
#[slo(journey = CHAOS, objectives = PATIENT.latency_named("typical", 50.0, millis(1)))]
async fn hang_between(headers: HeaderMap) -> &'static str {
    sleep(LONG).await;
    tell(&headers);
    pending().await
}

/// A head was promised and none came.
#[slo(journey = CHAOS, until = headers)]
async fn hang_headless(headers: HeaderMap) -> &'static str {
    tell(&headers);
    pending().await
}

/// The handler had said what to make of it before its client left.
#[slo(journey = CHAOS)]
async fn hang_marked(headers: HeaderMap) -> &'static str {
    slo_sdk::current().bad("hangs");
    tell(&headers);
    pending().await
}

/// A timeout of the server ends it.
#[slo(journey = CHAOS, route = "GET /hang-limited")]
async fn hang_limited() -> &'static str {
    pending().await
}

#[slo(journey = CHAOS)]
async fn endless_body() -> Body {
    endless(Duration::ZERO)
}

#[slo(journey = CHAOS, latency = 99% < 1ms)]
async fn endless_late() -> Body {
    endless(LONG)
}

/// Promises a head only, so a client that leaves has had everything.
#[slo(journey = CHAOS, until = headers)]
async fn feed() -> Body {
    endless(Duration::ZERO)
}

#[slo(journey = CHAOS, until = headers, latency = 99% < 1ms)]
async fn feed_late() -> Body {
    sleep(LONG).await;
    endless(Duration::ZERO)
}

/// A client that leaves while it reads an error has still been given one.
#[slo(journey = CHAOS)]
async fn endless_failure() -> (StatusCode, Body) {
    (StatusCode::INTERNAL_SERVER_ERROR, endless(Duration::ZERO))
}

#[slo(journey = CHAOS)]
async fn endless_refusal() -> (StatusCode, Body) {
    (StatusCode::CONFLICT, endless(Duration::ZERO))
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/hang", get(hang))
        .route("/hang-late", get(hang_late))
        .route("/hang-between", get(hang_between))
        .route("/hang-headless", get(hang_headless))
        .route("/hang-marked", get(hang_marked))
        .route("/hang-limited", get(hang_limited))
        .route("/endless-body", get(endless_body))
        .route("/endless-late", get(endless_late))
        .route("/feed", get(feed))
        .route("/feed-late", get(feed_late))
        .route("/endless-failure", get(endless_failure))
        .route("/endless-refusal", get(endless_refusal))
}
