//! Answers that arrive whole.

use super::{CHAOS, LONG, PATIENT};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::Path,
    http::{
        StatusCode,
        header::{CONNECTION, UPGRADE},
    },
    response::IntoResponse,
    routing::{get, post},
};
use slo_sdk::{millis, slo};
use std::convert::Infallible;
use tokio::time::sleep;

#[slo(journey = CHAOS)]
async fn quick() -> &'static str {
    "quick"
}

#[slo(journey = CHAOS, latency = 99% < 1ms)]
async fn late() -> &'static str {
    sleep(LONG).await;
    "late"
}

/// Too late for one objective, in time for the other.
#[slo(journey = CHAOS, objectives = PATIENT.latency_named("typical", 50.0, millis(1)))]
async fn two_thresholds() -> &'static str {
    sleep(LONG).await;
    "between"
}

/// A stream that announces its length but does not know its own end.
#[slo(journey = CHAOS)]
async fn download() -> ([(&'static str, &'static str); 1], Body) {
    let parts = async_stream::stream! {
        for _ in 0..2 {
            yield Ok::<_, Infallible>(Bytes::from_static(b"12345"));
            tokio::task::yield_now().await;
        }
    };
    ([("content-length", "10")], Body::from_stream(parts))
}

#[slo(journey = CHAOS)]
async fn chunked() -> Body {
    Body::from_stream(async_stream::stream! {
        for _ in 0..3 {
            yield Ok::<_, Infallible>(Bytes::from_static(b"drop"));
            tokio::task::yield_now().await;
        }
    })
}

/// Its head comes at once, its last byte late.
#[slo(journey = CHAOS, latency = 99% < 1ms)]
async fn late_body() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok::<_, Infallible>(Bytes::from_static(b"first"));
        sleep(LONG).await;
        yield Ok(Bytes::from_static(b"last"));
    })
}

/// Only its head is promised, and that is late.
#[slo(journey = CHAOS, latency = 99% < 1ms, until = headers)]
async fn late_head() -> &'static str {
    sleep(LONG).await;
    "late"
}

#[slo(journey = CHAOS)]
async fn empty() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// A body that must not be sent.
#[slo(journey = CHAOS)]
async fn not_modified() -> (StatusCode, &'static str) {
    (StatusCode::NOT_MODIFIED, "as you know")
}

#[slo(journey = CHAOS)]
async fn absent() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "none of that name")
}

#[slo(journey = CHAOS)]
async fn failing() -> Result<&'static str, StatusCode> {
    Err(StatusCode::SERVICE_UNAVAILABLE)
}

/// Its extractor refuses what is not a number; the annotation says whose request that was.
#[slo(journey = CHAOS, route = "GET /declared/{number}")]
async fn declared(Path(number): Path<u32>) -> String {
    number.to_string()
}

/// The same without a route: only a layer that sees routes can learn it.
#[slo(journey = CHAOS)]
async fn learnt(Path(number): Path<u32>) -> String {
    number.to_string()
}

/// Refuses what is not JSON, after it has read it.
#[slo(journey = CHAOS, route = "POST /json")]
async fn json(Json(numbers): Json<Vec<u32>>) -> String {
    numbers.len().to_string()
}

#[slo(journey = CHAOS)]
async fn upgraded() -> impl IntoResponse {
    let headers = [(CONNECTION, "upgrade"), (UPGRADE, "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, headers)
}

#[slo(journey = CHAOS)]
async fn marked_bad() -> &'static str {
    slo_sdk::current().bad("stale");
    "stale"
}

/// A failure that was what the user asked for, and late: the handler's word stands.
#[slo(journey = CHAOS, latency = 99% < 1ms)]
async fn marked_good() -> StatusCode {
    sleep(LONG).await;
    slo_sdk::current().good();
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Marked while the body is produced.
#[slo(journey = CHAOS)]
async fn marked_excluded() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok::<_, Infallible>(Bytes::from_static(b"a"));
        slo_sdk::current().exclude();
        yield Ok(Bytes::from_static(b"b"));
    })
}

/// One event of its own, and one of what it calls.
#[slo(journey = CHAOS)]
async fn outer() -> &'static str {
    inner().await.unwrap_or("fallback")
}

#[slo(journey = CHAOS)]
async fn inner() -> Result<&'static str, StatusCode> {
    Err(StatusCode::BAD_GATEWAY)
}

async fn unannotated() -> &'static str {
    "nobody promised anything"
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/quick", get(quick))
        .route("/late", get(late))
        .route("/two-thresholds", get(two_thresholds))
        .route("/download", get(download))
        .route("/chunked", get(chunked))
        .route("/late-body", get(late_body))
        .route("/late-head", get(late_head))
        .route("/empty", get(empty))
        .route("/not-modified", get(not_modified))
        .route("/absent", get(absent))
        .route("/failing", get(failing))
        .route("/declared/{n}", get(declared))
        .route("/learnt/{n}", get(learnt))
        .route("/json", post(json))
        .route("/upgraded", get(upgraded))
        .route("/marked-bad", get(marked_bad))
        .route("/marked-good", get(marked_good))
        .route("/marked-excluded", get(marked_excluded))
        .route("/outer", get(outer))
        .route("/unannotated", get(unannotated))
}
