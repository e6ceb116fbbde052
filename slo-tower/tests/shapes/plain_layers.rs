//! Layers that everybody has: they change no count.

use crate::{
    alone::alone,
    client::Wire,
    endpoints::router,
    place::{App, Place, around, serve},
    seen::{CLIENT, Line, OK, PANICKED, SERVER, Seen, UNANNOTATED, check},
};
use axum::{body::Body, extract::Request, http::StatusCode};
use std::{net::SocketAddr, time::Duration};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
    trace::TraceLayer,
};

/// How much may be sent where the request is limited.
const FEW: usize = 10;

fn patient() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60))
}

/// A stack, its panics, and uploads that are too large: announced, then in chunks. `None`
/// if they don't reach the layer.
type Row = (
    &'static str,
    fn(Place) -> App,
    Seen,
    Option<Seen>,
    Option<Seen>,
);

const ROWS: &[Row] = &[
    (
        "nothing",
        |place| place.count(router()),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        "timeout inside",
        |place| place.count(router().layer(patient())),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        "timeout outside",
        |place| around(patient(), place.count(router())),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        "trace inside",
        |place| place.count(router().layer(TraceLayer::new_for_http())),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        "trace outside",
        |place| around(TraceLayer::new_for_http(), place.count(router())),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        // The layer sees a 500, as the client does.
        "catch-panic inside",
        |place| place.count(router().layer(CatchPanicLayer::new())),
        SERVER,
        Some(OK),
        Some(OK),
    ),
    (
        "catch-panic outside",
        |place| around(CatchPanicLayer::new(), place.count(router())),
        PANICKED,
        Some(OK),
        Some(OK),
    ),
    (
        "limit inside",
        |place| place.count(router().layer(RequestBodyLimitLayer::new(FEW))),
        PANICKED,
        Some(CLIENT),
        Some(CLIENT),
    ),
    (
        "limit outside",
        |place| {
            let limit = ServiceBuilder::new()
                .layer(RequestBodyLimitLayer::new(FEW))
                .map_request(|request: Request<_>| request.map(Body::new));
            around(limit, place.count(router()))
        },
        PANICKED,
        None,
        Some(CLIENT),
    ),
    (
        "all inside",
        |place| {
            let all = ServiceBuilder::new()
                .layer(TraceLayer::new_for_http())
                .layer(patient())
                .layer(CatchPanicLayer::new())
                .layer(RequestBodyLimitLayer::new(FEW));
            place.count(router().layer(all))
        },
        SERVER,
        Some(CLIENT),
        Some(CLIENT),
    ),
];

async fn play(address: SocketAddr) {
    for path in [
        "/page",
        "/streamed",
        "/announced",
        "/failing",
        "/panicking",
        "/empty",
        "/not-modified",
        "/plain",
        "/nowhere",
    ] {
        Wire::get(address, path).await.end().await;
    }
    for head in [
        "HEAD /page HTTP/1.1\r\nhost: test\r\n",
        "PUT /page HTTP/1.1\r\nhost: test\r\n",
    ] {
        Wire::ask(address, head).await.end().await;
    }
    let upload = "POST /upload HTTP/1.1\r\nhost: test\r\nconnection: close\r\n";
    for rest in [
        "content-length: 3\r\n\r\nabc",
        "content-length: 20\r\n\r\n01234567890123456789",
        "transfer-encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n",
    ] {
        let mut wire = Wire::connect(address).await;
        wire.send(format!("{upload}{rest}")).await;
        wire.end().await;
    }
}

#[test]
fn on_either_side() {
    alone(async {
        for place in Place::BOTH {
            for (name, app, panics, announced, chunked) in ROWS {
                let slo = slo_sdk::testing::recorder();
                play(serve(app(place)).await).await;
                let mut lines: Vec<Line> = vec![
                    ("page", OK, 2),
                    ("streamed", OK, 1),
                    ("announced", OK, 1),
                    ("failing", SERVER, 1),
                    ("panicking", *panics, 1),
                    ("empty", OK, 1),
                    ("not-modified", OK, 1),
                    // No annotation, no route, and a method that the route does not have.
                    (UNANNOTATED, OK, 3),
                    ("upload", OK, 1),
                ];
                let uploads = [announced, chunked].into_iter().flatten();
                lines.extend(uploads.map(|seen| ("upload", *seen, 1)));
                check(&slo, &lines, &format!("{name} {place:?}")).await;
            }
        }
    });
}
