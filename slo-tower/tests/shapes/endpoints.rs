//! A handler for each kind of answer. Each says its route, so that requests that never reach
//! it are its own wherever the layer stands.

use axum::{
    Router,
    body::{Body, Bytes},
    http::StatusCode,
    routing::{get, post},
};
use slo_sdk::{Journey, Objectives, millis, slo};
use std::{convert::Infallible, time::Duration};
use tokio::{sync::Semaphore, time::sleep};

use crate::alone::{SLOW, pass};

const PROMISE: Objectives = Objectives::new()
    .availability(99.0)
    .latency(99.0, millis(100));
pub(crate) const SHAPES: Journey = Journey::new("shapes")
    .title("Answers of every shape")
    .objectives(PROMISE);

/// How much a known answer holds.
pub(crate) const PAGE: usize = 4000;

/// A body of known length, worth compressing.
#[slo(journey = SHAPES, route = "GET /page")]
async fn page() -> String {
    "x".repeat(PAGE)
}

/// A body whose length nobody knows.
#[slo(journey = SHAPES, route = "GET /streamed")]
async fn streamed() -> Body {
    parts(3)
}

/// A stream that announces its length, but does not know its own end.
#[slo(journey = SHAPES, route = "GET /announced")]
async fn announced() -> ([(&'static str, &'static str); 1], Body) {
    ([("content-length", "3000")], parts(3))
}

/// A body without end.
#[slo(journey = SHAPES, route = "GET /endless")]
async fn endless() -> Body {
    parts(usize::MAX)
}

/// Its head comes late, too.
#[slo(journey = SHAPES, route = "GET /slow")]
async fn slow() -> Body {
    pass(SLOW);
    parts(1)
}

#[slo(journey = SHAPES, route = "GET /forever")]
async fn forever() -> &'static str {
    std::future::pending().await
}

/// Forever, and late from the start.
#[slo(journey = SHAPES, route = "GET /forever-late")]
async fn forever_late() -> &'static str {
    pass(SLOW);
    std::future::pending().await
}

/// Answers when the test says so.
#[slo(journey = SHAPES, route = "GET /held")]
async fn held() -> &'static str {
    let go = GATE.acquire().await;
    go.expect("the gate is never closed").forget();
    "go"
}

pub(crate) static GATE: Semaphore = Semaphore::const_new(0);

#[slo(journey = SHAPES, route = "GET /failing")]
async fn failing() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[slo(journey = SHAPES, route = "GET /panicking")]
async fn panicking() -> StatusCode {
    // Without the hook, that would fill the screen.
    std::panic::resume_unwind(Box::new("on purpose"))
}

#[slo(journey = SHAPES, route = "POST /upload")]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

#[slo(journey = SHAPES, route = "GET /empty")]
async fn empty() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// A body that must not be sent.
#[slo(journey = SHAPES, route = "GET /not-modified")]
async fn not_modified() -> (StatusCode, &'static str) {
    (StatusCode::NOT_MODIFIED, "as you know")
}

async fn plain() -> &'static str {
    "nobody promised anything"
}

/// Kilobytes that can't be compressed, so that each of them is sent at once.
pub(crate) fn parts(number: usize) -> Body {
    Body::from_stream(async_stream::stream! {
        let mut noise = 1_u32;
        for _ in 0..number {
            let part: Vec<u8> = std::iter::repeat_with(|| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                noise.to_be_bytes()[0]
            })
            .take(1000)
            .collect();
            yield Ok::<_, Infallible>(Bytes::from(part));
            sleep(Duration::from_millis(1)).await;
        }
    })
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/page", get(page))
        .route("/streamed", get(streamed))
        .route("/announced", get(announced))
        .route("/endless", get(endless))
        .route("/slow", get(slow))
        .route("/forever", get(forever))
        .route("/forever-late", get(forever_late))
        .route("/held", get(held))
        .route("/failing", get(failing))
        .route("/panicking", get(panicking))
        .route("/upload", post(upload))
        .route("/empty", get(empty))
        .route("/not-modified", get(not_modified))
        .route("/plain", get(plain))
}
