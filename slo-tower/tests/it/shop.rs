//! A service with a handler for every way an event can end.

use axum::{
    Router, ServiceExt,
    body::{Body, Bytes},
    extract::{Path, Request},
    http::StatusCode,
    routing::{get, post},
};
use slo_sdk::{Journey, Objectives, hours, slo};
use slo_tower::{SloBody, SloLayer};
use std::{convert::Infallible, io, time::Duration};
use tokio::{net::TcpListener, time::sleep};
use tower::ServiceBuilder;

/// Late only where an endpoint says so itself: the machine may be busy.
const PATIENT: Objectives = Objectives::new().availability(99.0).latency(99.0, hours(1));
pub(crate) const SHOP: Journey = Journey::new("shop").title("Buy things").objectives(PATIENT);

#[slo(journey = SHOP)]
async fn good() -> &'static str {
    "good"
}

#[slo(journey = SHOP, latency = 99% < 20ms)]
async fn slow() -> &'static str {
    sleep(Duration::from_millis(60)).await;
    "slow"
}

#[slo(journey = SHOP)]
async fn failing() -> Result<&'static str, StatusCode> {
    Err(StatusCode::INTERNAL_SERVER_ERROR)
}

#[slo(journey = SHOP)]
async fn panicking() -> &'static str {
    tokio::task::yield_now().await;
    panic!("on purpose")
}

/// Its extractor refuses what is not a number, before the handler runs.
#[slo(journey = SHOP, route = "POST /orders/{order}")]
async fn declared(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[slo(journey = SHOP)]
async fn learnt(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[slo(journey = SHOP)]
async fn forever() -> &'static str {
    std::future::pending().await
}

#[slo(journey = SHOP, latency = 99% < 10ms)]
async fn forever_late() -> &'static str {
    std::future::pending().await
}

#[slo(journey = SHOP)]
async fn broken_body() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok(Bytes::from_static(b"part"));
        // Long enough for the server to send the head.
        sleep(Duration::from_millis(5)).await;
        yield Err(io::Error::other("on purpose"));
    })
}

#[slo(journey = SHOP)]
async fn endless_body() -> Body {
    endless()
}

fn endless() -> Body {
    Body::from_stream(async_stream::stream! {
        loop {
            yield Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024]));
            sleep(Duration::from_millis(1)).await;
        }
    })
}

/// The head comes at once, the rest late; only the head counts.
#[slo(journey = SHOP, latency = 99% < 10s, until = headers)]
async fn streaming() -> Body {
    trickle()
}

/// The same, measured to the last byte.
#[slo(journey = SHOP, latency = 99% < 50ms)]
async fn trickling() -> Body {
    trickle()
}

fn trickle() -> Body {
    Body::from_stream(async_stream::stream! {
        for _ in 0..3 {
            yield Ok::<_, Infallible>(Bytes::from_static(b"drop"));
            sleep(Duration::from_millis(40)).await;
        }
    })
}

/// 200 OK, and yet the handler knows better.
#[slo(journey = SHOP)]
async fn marked() -> &'static str {
    slo_sdk::current().bad("stale");
    "stale"
}

/// Marks from inside the body.
#[slo(journey = SHOP)]
async fn marked_late() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok::<_, Infallible>(Bytes::from_static(b"a"));
        slo_sdk::current().exclude();
        yield Ok(Bytes::from_static(b"b"));
    })
}

#[slo(journey = SHOP)]
async fn empty() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// A stream that announces its length, as downloads and proxies do, but does not know its
/// own end.
#[slo(journey = SHOP)]
async fn download() -> ([(&'static str, &'static str); 1], Body) {
    let parts = async_stream::stream! {
        for _ in 0..2 {
            yield Ok::<_, Infallible>(Bytes::from_static(b"12345"));
        }
    };
    ([("content-length", "10")], Body::from_stream(parts))
}

/// A body that must not be sent.
#[slo(journey = SHOP)]
async fn not_modified() -> (StatusCode, &'static str) {
    (StatusCode::NOT_MODIFIED, "as you know")
}

/// Streams for as long as the client likes, and promises only a head.
#[slo(journey = SHOP, until = headers)]
async fn feed() -> Body {
    endless()
}

/// One handler under two methods and two routes.
#[slo(journey = SHOP)]
async fn shared(Path(id): Path<u32>) -> String {
    id.to_string()
}

/// Two handlers under one route and method.
#[slo(journey = SHOP)]
async fn even() -> &'static str {
    "even"
}

#[slo(journey = SHOP)]
async fn odd() -> &'static str {
    "odd"
}

async fn dispatch(Path(id): Path<u32>) -> &'static str {
    if id % 2 == 0 {
        even().await
    } else {
        odd().await
    }
}

async fn unannotated() -> &'static str {
    "nobody promised anything"
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/good", get(good))
        .route("/slow", get(slow))
        .route("/failing", get(failing))
        .route("/panicking", get(panicking))
        .route("/orders/{id}", post(declared))
        .route("/items/{id}", get(learnt))
        .route("/forever", get(forever))
        .route("/forever-late", get(forever_late))
        .route("/broken-body", get(broken_body))
        .route("/endless-body", get(endless_body))
        .route("/streaming", get(streaming))
        .route("/trickling", get(trickling))
        .route("/marked", get(marked))
        .route("/marked-late", get(marked_late))
        .route("/empty", get(empty))
        .route("/download", get(download))
        .route("/not-modified", get(not_modified))
        .route("/feed", get(feed))
        .route("/shared/{id}", get(shared).put(shared))
        .route("/other/{id}", get(shared))
        .route("/numbers/{id}", get(dispatch))
        .route("/unannotated", get(unannotated))
}

/// The layer around the whole router, served: axum wants its own body again.
pub(crate) async fn serve_counted_from_outside(listener: TcpListener) -> io::Result<()> {
    let service = ServiceBuilder::new()
        .map_response(|response: http::Response<SloBody<Body>>| response.map(Body::new))
        .layer(SloLayer::new())
        .service(router().with_state(()));
    axum::serve(listener, ServiceExt::<Request>::into_make_service(service)).await
}
