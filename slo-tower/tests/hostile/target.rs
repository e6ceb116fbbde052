//! The service that is attacked, counted in both places, and beside it a count of what the
//! server really hands to it.

use crate::answers::answer;
use axum::{
    Router, ServiceExt,
    body::{Body, Bytes},
    extract::{Path, Request},
    response::Response,
    routing::{any, get, post},
};
use slo_sdk::{Journey, Objectives, hours, slo};
use slo_tower::{SloBody, SloLayer};
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering::SeqCst},
};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, util::MapFutureLayer};

const PROMISE: Objectives = Objectives::new().availability(99.0).latency(99.0, hours(1));
pub(crate) const HOSTILE: Journey = Journey::new("hostile")
    .title("Whatever comes")
    .objectives(PROMISE);

/// Every name there is.
pub(crate) const ENDPOINTS: [&str; 4] = ["answered", "order", "found", "upload"];

/// Every route whose requests can miss an annotated handler: by their method, by what its
/// extractor refuses, or because there is none.
pub(crate) const TEMPLATES: [&str; 4] = [
    "/orders/{id}",
    "/found/{*rest}",
    "/upload",
    "/plain/{*rest}",
];

#[slo(journey = HOSTILE, route = "GET /orders/{id}")]
async fn order(Path(id): Path<u32>) -> String {
    id.to_string()
}

/// Its route is learnt, from whatever method comes.
#[slo(journey = HOSTILE)]
async fn found(Path(rest): Path<String>) -> String {
    rest
}

#[slo(journey = HOSTILE, route = "POST /upload")]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

/// Hands on what something further up answered.
#[slo(journey = HOSTILE)]
async fn answered(request: Request) -> Response {
    answer(request.uri().query().unwrap_or_default())
}

fn router() -> Router {
    Router::new()
        .route("/answered", any(answered))
        .route("/orders/{id}", get(order))
        .route("/found/{*rest}", any(found))
        .route("/upload", post(upload))
        .route("/plain/{*rest}", get(async || "plain"))
}

/// Requests whose work has begun: each of them has to be an event.
static DISPATCHED: AtomicU64 = AtomicU64::new(0);

pub(crate) fn dispatched() -> u64 {
    DISPATCHED.load(SeqCst)
}

macro_rules! tap {
    () => {
        MapFutureLayer::new(|answer| async {
            DISPATCHED.fetch_add(1, SeqCst);
            answer.await
        })
    };
}

/// A server with the layer in the router, and one with it around the router.
pub(crate) async fn serve() -> [SocketAddr; 2] {
    let inside = ServiceBuilder::new()
        .layer(tap!())
        .service(router().layer(SloLayer::new()).with_state(()));
    let (inside_listener, inside_address) = listener().await;
    let inside = ServiceExt::<Request>::into_make_service(inside);
    tokio::spawn(async { axum::serve(inside_listener, inside).await });

    let around = ServiceBuilder::new()
        .layer(tap!())
        .map_response(|response: http::Response<SloBody<Body>>| response.map(Body::new))
        .layer(SloLayer::new())
        .service(router().with_state(()));
    let (around_listener, around_address) = listener().await;
    let around = ServiceExt::<Request>::into_make_service(around);
    tokio::spawn(async { axum::serve(around_listener, around).await });
    [inside_address, around_address]
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}
