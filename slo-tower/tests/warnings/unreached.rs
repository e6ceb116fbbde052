//! A service that fails from its first request on: nothing tells yet that its handler is annotated.

use crate::{J, alone, heard};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn},
    routing::get,
};
use slo_sdk::slo;
use slo_tower::SloLayer;
use tower::ServiceExt;

#[slo(journey = J)]
async fn start() {}

async fn down(_: Request, _: Next) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

#[tokio::test]
async fn it_is_told_once_a_route() {
    if !alone::is_alone("unreached::it_is_told_once_a_route") {
        return;
    }
    let log = heard::log();
    let routes = Router::new().route("/start", get(start));
    let app = routes.layer(from_fn(down)).layer(SloLayer::new());
    let _ = log.take();
    for _ in 0..3 {
        let request = Request::get("/start").body(Body::empty());
        let answer = app.clone().oneshot(request.expect("a request")).await;
        assert_eq!(answer.expect("a router").status(), 503);
    }
    let bad = slo_sdk::snapshot().unannotated_outcomes()["/start"].bad;
    assert_eq!(bad, 3);
    assert_eq!(
        log.take(),
        [
            "INFO message=no #[slo] is known to cover these requests; they are counted as \
             slo.unannotated route=\"/start\"",
            "WARN message=requests of `/start` fail, and no #[slo] is known to cover them, so they \
             count for no SLO; if the handler is one that was never reached (start), say `route` \
             in its #[slo]",
        ]
    );
}
