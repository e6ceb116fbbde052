//! A layer that was given a journey: what it served and no handler claims is an endpoint's.

use crate::book::{J, app, ask, ask_with, lines, routed, serve};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request},
    http::{Response, StatusCode},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::{any, get},
};
use slo_sdk::{Endpoint, EventResult as R, endpoint, slo};
use slo_tower::SloLayer;
use std::time::Duration;
use tower::Layer;

/// The endpoint of all that nobody annotated.
pub(crate) static REST: &Endpoint = endpoint!(name = "rest", journey = J);

static STRICT: &Endpoint = endpoint!(
    name = "strict-rest",
    journey = J,
    bad_status = [404, 405, 12]
);

fn layer() -> SloLayer {
    SloLayer::new().journey(REST)
}

/// The routes with the layer inside the router, and around it.
fn places(routes: &Router, layer: &SloLayer) -> [(&'static str, crate::book::App); 2] {
    let around = layer.layer(routes.clone().with_state(()));
    [
        ("inside", routed(routes.clone().layer(layer.clone()))),
        ("around", app(around)),
    ]
}

#[tokio::test]
async fn the_layer_alone_says_how_many_errors_there_are() {
    let routes = Router::new()
        .route("/cart", get(|| async { "empty" }))
        .route("/broken", get(|| async { StatusCode::BAD_GATEWAY }))
        .route("/refused", get(|| async { StatusCode::FORBIDDEN }))
        .fallback(|| async { StatusCode::NOT_FOUND });
    for (place, app) in places(&routes, &layer()) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        let mut book = lines(&[], &[]);
        for (method, path, status, result) in [
            ("GET", "/cart", 200, Some(R::Ok)),
            ("HEAD", "/cart", 200, Some(R::Ok)),
            ("GET", "/broken", 502, Some(R::ServerError)),
            ("GET", "/refused", 403, Some(R::ClientError)),
            ("GET", "/wp-login.php", 404, None),
        ] {
            assert_eq!(ask(address, method, path).await, Some(status), "{path}");
            match result {
                Some(result) => book.event("rest", result),
                None => book.unannotated("_unmatched"),
            }
        }
        book.check(&slo, place).await;
    }
}

/// Also where the endpoint has its own opinion of the codes that a router refuses with.
#[tokio::test]
async fn what_nobody_served_is_not_the_journeys() {
    let refuses = || async {
        Response::builder()
            .header("content-type", "application/grpc")
            .header("grpc-status", 12)
            .body(Body::empty())
            .expect("a response")
    };
    let routes = Router::new()
        .route("/cart", get(|| async { "empty" }))
        .route("/a.B/{*method}", any(refuses));
    let layer = SloLayer::new().journey(STRICT);
    for (place, app) in places(&routes, &layer) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        let mut book = lines(&[], &[]);
        for (method, path, status) in [
            ("GET", "/nowhere", 404),
            ("POST", "/cart", 405),
            ("OPTIONS", "/cart", 405),
            ("POST", "/a.B/Nope", 200),
        ] {
            assert_eq!(ask(address, method, path).await, Some(status), "{path}");
            book.unannotated("any");
        }
        book.check_totals(&slo, place).await;
    }
}

#[slo(journey = J)]
async fn started() -> &'static str {
    "never reached at first"
}

/// It fails from its first request on, and no `route` is declared.
#[tokio::test]
async fn a_service_that_is_dead_from_the_start() {
    let down = |request: Request, next: Next| async move {
        match request.uri().query() {
            Some("down") => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => next.run(request).await,
        }
    };
    let routes = Router::new()
        .route("/started", get(started))
        .layer(from_fn(down));
    for (place, app) in places(&routes, &layer()) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        for _ in 0..3 {
            assert_eq!(ask(address, "GET", "/started?down").await, Some(503));
        }
        let mut book = lines(&[("rest", R::ServerError, 3)], &[]);
        book.check(&slo, place).await;
        // Nothing was learnt for the journey: a handler that claims has its route from then on.
        assert_eq!(ask(address, "GET", "/started").await, Some(200));
        assert_eq!(ask(address, "GET", "/started?down").await, Some(503));
        book.event("started", R::Ok);
        let is_learnt = place == "inside" && cfg!(feature = "axum");
        let whose = if is_learnt { "started" } else { "rest" };
        book.event(whose, R::ServerError);
        book.check(&slo, place).await;
    }
}

#[slo(journey = J, route = "GET /journeys/declared/{id}")]
async fn declared_within(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[tokio::test]
async fn a_route_wins_over_the_journey() {
    let routes = Router::new().route("/journeys/declared/{id}", get(declared_within));
    for (place, app) in places(&routes, &layer()) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        let path = "/journeys/declared/none";
        assert_eq!(ask(address, "GET", path).await, Some(400));
        let book = lines(&[("declared-within", R::ClientError, 1)], &[]);
        book.check(&slo, place).await;
    }
}

#[tokio::test]
async fn one_that_hangs_is_in_flight_for_the_journey() {
    let routes = Router::new().route("/hangs", get(std::future::pending::<()>));
    for (place, app) in places(&routes, &layer()) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        let asks = tokio::spawn(async move { ask_with(address, "GET", "/hangs", "").await });
        let mut waited = 0;
        while slo.endpoint("rest").in_flight() == 0 {
            waited += 1;
            assert!(waited < 5_000, "{place}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(slo.snapshot().unclaimed(), 0, "{place}");
        asks.abort();
        lines(&[("rest", R::Cancelled, 1)], &[])
            .check(&slo, place)
            .await;
    }
}

/// Also with a prefix that something else than axum has taken off.
#[tokio::test]
async fn a_prefix_is_said_beside_the_journey() {
    #[slo(journey = J, route = "GET /gateway/v2/{id}")]
    async fn behind_gateway(Path(id): Path<u32>) -> String {
        id.to_string()
    }
    let routes = Router::new()
        .route("/{id}", get(behind_gateway))
        .route("/free/{id}", get(|| async { "free" }));
    for layer in [
        layer().mounted_at("/gateway/v2"),
        SloLayer::new().mounted_at("gateway/v2/").journey(REST),
    ] {
        for (place, app) in places(&routes, &layer) {
            let slo = slo_sdk::testing::recorder();
            let address = serve(app).await;
            assert_eq!(ask(address, "GET", "/none").await, Some(400));
            assert_eq!(ask(address, "GET", "/free/1").await, Some(200));
            let expected = [("behind-gateway", R::ClientError, 1), ("rest", R::Ok, 1)];
            lines(&expected, &[]).check(&slo, place).await;
        }
    }
}
