//! Timeouts of the server: inside the layer they are an answer, or an error; outside they
//! drop what they give up, and the layer has to be told of them.

use crate::{
    alone::alone,
    client::Wire,
    endpoints::{SHAPES, router},
    place::{App, Place, around, serve},
    seen::{BROKEN, CLIENT, LEFT, LEFT_LATE, MISSED, OK, SERVER, Seen, check},
};
use axum::{
    BoxError, Router, body::Body, error_handling::HandleErrorLayer, http::StatusCode, routing::get,
};
use bytes::Bytes;
use slo_sdk::slo;
use slo_tower::SloLayer;
use std::{convert::Infallible, time::Duration};
use tower::ServiceBuilder;
use tower_http::timeout::{ResponseBodyTimeoutLayer, TimeoutLayer};

/// In real time, for handlers that never answer. On the clock of the layer they take either
/// no time at all, or more than this.
const LIMIT: Duration = Duration::from_millis(50);

/// Sends a part, then nothing more.
#[slo(journey = SHAPES, route = "GET /stuck")]
async fn stuck() -> Body {
    Body::from_stream(async_stream::stream! {
        yield Ok::<_, Infallible>(Bytes::from_static(b"part"));
        std::future::pending::<()>().await;
    })
}

async fn too_late(_: BoxError) -> StatusCode {
    StatusCode::GATEWAY_TIMEOUT
}

/// tower's, whose error becomes an answer.
macro_rules! by_error {
    () => {
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(too_late))
            .timeout(LIMIT)
    };
}

/// tower-http's, which answers.
fn by_answer(status: StatusCode) -> TimeoutLayer {
    TimeoutLayer::with_status_code(status, LIMIT)
}

fn counted(place: Place) -> App {
    place.count(router())
}

/// Told how long the timeout outside waits.
fn told(place: Place) -> App {
    place.count_by(SloLayer::new().timeout(LIMIT), router())
}

type Row = (&'static str, fn(Place) -> App, u16, Seen, Seen);

const GATEWAY: StatusCode = StatusCode::GATEWAY_TIMEOUT;
const REQUEST: StatusCode = StatusCode::REQUEST_TIMEOUT;

/// What never answers counts as: before the threshold by the layer's clock, and after it.
const ROWS: &[Row] = &[
    (
        "an error inside",
        |place| place.count(router().layer(by_error!())),
        504,
        SERVER,
        SERVER,
    ),
    (
        "504 inside",
        |place| place.count(router().layer(by_answer(GATEWAY))),
        504,
        SERVER,
        SERVER,
    ),
    (
        "408 inside",
        |place| place.count(router().layer(by_answer(REQUEST))),
        408,
        CLIENT,
        CLIENT,
    ),
    (
        "an error outside",
        |place| around(by_error!(), counted(place)),
        504,
        LEFT,
        LEFT_LATE,
    ),
    (
        "408 outside",
        |place| around(by_answer(REQUEST), counted(place)),
        408,
        LEFT,
        LEFT_LATE,
    ),
    (
        "an error outside, and the layer knows",
        |place| around(by_error!(), told(place)),
        504,
        LEFT,
        MISSED,
    ),
    (
        "504 outside, and the layer knows",
        |place| around(by_answer(GATEWAY), told(place)),
        504,
        LEFT,
        MISSED,
    ),
];

#[test]
fn of_the_answer() {
    alone(async {
        for place in Place::BOTH {
            for (name, app, status, early, late) in ROWS {
                let slo = slo_sdk::testing::recorder();
                let address = serve(app(place)).await;
                for path in ["/forever", "/forever-late"] {
                    let seen = Wire::get(address, path).await.status().await;
                    assert_eq!(seen, Some(*status), "{name}");
                }
                assert_eq!(Wire::get(address, "/page").await.status().await, Some(200));
                let lines = [
                    ("forever", *early, 1),
                    ("forever-late", *late, 1),
                    ("page", OK, 1),
                ];
                check(&slo, &lines, &format!("{name} {place:?}")).await;
            }
        }
    });
}

#[test]
fn of_the_body() {
    alone(async {
        let with_stuck = || Router::new().route("/stuck", get(stuck));
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let limited = with_stuck().layer(ResponseBodyTimeoutLayer::new(LIMIT));
            let address = serve(place.count(limited)).await;
            let answer = Wire::get(address, "/stuck").await.end().await;
            assert!(!answer.ends_with(b"0\r\n\r\n"), "it is cut off");
            check(&slo, &[("stuck", BROKEN, 1)], &format!("{place:?}")).await;
        }
    });
}
