//! A buffer and a retry: one request that is served by another task, or several times.

use crate::{
    alone::alone,
    client::Wire,
    endpoints::{SHAPES, router},
    place::{App, Place, around, serve},
    seen::{LEFT, Line, OK, PANICKED, SERVER, UNANNOTATED, check, in_flight},
};
use axum::{
    BoxError, Router, body::Body, error_handling::HandleErrorLayer, extract::Request,
    http::StatusCode, response::Response, routing::get,
};
use slo_sdk::slo;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};
use tower::{
    ServiceBuilder,
    retry::{Policy, RetryLayer},
};

static TRIES: AtomicU32 = AtomicU32::new(0);

/// Fails twice, then succeeds.
#[slo(journey = SHAPES, route = "GET /flaky")]
async fn flaky() -> StatusCode {
    match TRIES.fetch_add(1, Relaxed) % 3 {
        2 => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn with_flaky() -> Router {
    router().route("/flaky", get(flaky))
}

async fn unavailable(_: BoxError) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

/// Tries what failed again, twice.
#[derive(Clone, Debug)]
struct Again(u32);

impl Policy<Request, Response, Infallible> for Again {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request,
        result: &mut Result<Response, Infallible>,
    ) -> Option<Ready<()>> {
        let response = result.as_ref().ok()?;
        let again = response.status().is_server_error() && self.0 > 0;
        again.then(|| {
            self.0 -= 1;
            ready(())
        })
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        let again = Request::get(request.uri().clone());
        Some(again.body(Body::empty()).expect("a request"))
    }
}

async fn ask(app: App, paths: &[(&str, u16)]) {
    let address = serve(app).await;
    for (path, status) in paths {
        let seen = Wire::get(address, path).await.status().await;
        assert_eq!(seen, Some(*status), "{path}");
    }
}

const PATHS: &[(&str, u16)] = &[("/flaky", 200), ("/failing", 500), ("/page", 200)];

#[test]
fn a_retry_inside_is_one_event() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let retried = with_flaky().layer(RetryLayer::new(Again(2)));
            ask(place.count(retried), PATHS).await;
            let lines: &[Line] = &[("flaky", OK, 1), ("failing", SERVER, 1), ("page", OK, 1)];
            check(&slo, lines, &format!("{place:?}")).await;
        }
    });
}

#[test]
fn each_try_of_a_retry_outside_is_an_event() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let counted = place.count(with_flaky());
            ask(around(RetryLayer::new(Again(2)), counted), PATHS).await;
            let lines: &[Line] = &[
                ("flaky", SERVER, 2),
                ("flaky", OK, 1),
                ("failing", SERVER, 3),
                ("page", OK, 1),
            ];
            check(&slo, lines, &format!("{place:?}")).await;
        }
    });
}

#[test]
fn a_buffer_inside_or_outside_changes_nothing() {
    alone(async {
        let stack = || {
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(unavailable))
                .buffer(8)
        };
        for place in Place::BOTH {
            let inside = place.count(router().layer(stack()));
            let outside = around(stack(), place.count(router()));
            for app in [inside, outside] {
                let slo = slo_sdk::testing::recorder();
                let address = serve(app).await;
                for path in ["/page", "/streamed", "/failing", "/panicking", "/plain"] {
                    Wire::get(address, path).await.end().await;
                }
                let leaves = Wire::get(address, "/forever").await;
                in_flight(&slo, "forever", 1).await;
                drop(leaves);
                let lines: &[Line] = &[
                    ("page", OK, 1),
                    ("streamed", OK, 1),
                    ("failing", SERVER, 1),
                    ("panicking", PANICKED, 1),
                    ("forever", LEFT, 1),
                    (UNANNOTATED, OK, 1),
                ];
                check(&slo, lines, &format!("{place:?}")).await;
            }
        }
    });
}
