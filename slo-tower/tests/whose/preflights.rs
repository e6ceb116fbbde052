//! Browsers ask before they send a request of another site. A layer answers, and nobody's handler
//! has done anything.

use crate::book::{App, J, app, ask, ask_with, lines, routed, serve};
use axum::{
    Router,
    http::StatusCode,
    routing::{any, get, post},
};
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use tower::Layer;
use tower_http::cors::CorsLayer;

/// Its route has no method, so it answers to every one.
#[slo(journey = J, route = "/pre.Flight/Call")]
async fn flown() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[slo(journey = J, route = "PUT /preflights/declared")]
async fn declared() {}

#[slo(journey = J)]
async fn learnt() {}

/// Answers by itself.
#[slo(journey = J, route = "OPTIONS /preflights/own")]
async fn own() {}

/// Answers to `OPTIONS` as to anything.
#[slo(journey = J)]
async fn answers_all() {}

fn routes() -> Router {
    Router::new()
        .route("/pre.Flight/Call", post(flown))
        .route("/preflights/declared", get(declared).put(declared))
        .route("/preflights/learnt", get(learnt))
        .route("/preflights/nobody", get(|| async {}))
        .layer(CorsLayer::permissive())
}

/// The same routes without anything that answers for them.
fn bare() -> Router {
    Router::new()
        .route("/preflights/own", axum::routing::options(own))
        .route("/preflights/any", any(answers_all))
        .route("/preflights/get", get(learnt))
}

fn places(routes: fn() -> Router) -> [(&'static str, App); 2] {
    [
        ("inside", routed(routes().layer(SloLayer::new()))),
        (
            "around",
            app(SloLayer::new().layer(routes().with_state(()))),
        ),
    ]
}

const PREFLIGHT: &str = "origin: http://elsewhere\r\naccess-control-request-method: PUT\r\n";
const GRPC_WEB: &str = "origin: http://elsewhere\r\naccess-control-request-method: POST\r\n\
                        access-control-request-headers: x-grpc-web\r\n";

#[tokio::test]
async fn a_preflight_is_nobodys() {
    for (place, app) in places(routes) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        assert_eq!(ask(address, "GET", "/preflights/learnt").await, Some(200));
        for path in [
            "/pre.Flight/Call",
            "/preflights/declared",
            "/preflights/learnt",
            "/preflights/nobody",
            "/preflights/nowhere",
        ] {
            for headers in ["", PREFLIGHT, GRPC_WEB] {
                let seen = ask_with(address, "OPTIONS", path, headers).await;
                // What no route matches is not answered by the layer of the routes.
                assert_eq!(seen, Some(200), "{path}");
            }
        }
        let book = lines(&[("learnt", R::Ok, 1)], &[]);
        book.check(&slo, place).await;
    }
}

#[tokio::test]
async fn a_handler_that_claims_one_has_it() {
    for (place, app) in places(bare) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        for path in ["/preflights/own", "/preflights/any"] {
            assert_eq!(ask(address, "OPTIONS", path).await, Some(200), "{path}");
        }
        let book = lines(&[("own", R::Ok, 1), ("answers-all", R::Ok, 1)], &[]);
        book.check(&slo, place).await;
    }
}

#[tokio::test]
async fn one_that_is_refused_is_no_event_of_an_endpoint() {
    for (place, app) in places(bare) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        assert_eq!(ask(address, "GET", "/preflights/get").await, Some(200));
        let seen = ask(address, "OPTIONS", "/preflights/get").await;
        assert_eq!(seen, Some(405));
        let route = match (place, cfg!(feature = "axum")) {
            ("inside", true) => "/preflights/get",
            _ => "_unmatched",
        };
        let book = lines(&[("learnt", R::Ok, 1)], &[(route, 1)]);
        book.check(&slo, place).await;
    }
}
