//! A version of an API behind a prefix: the path is the client's, not what a router has left of it.

use crate::book::{J, app, ask, lines, routed, serve};
use axum::{
    Router,
    extract::{Path, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    routing::get,
};
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use tower::Layer;

async fn down(_: Request, _: Next) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

/// Only the number says which version is served: a router keeps its prefix to itself.
#[slo(journey = J, route = "GET /users/{id}")]
async fn v1_user(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[slo(journey = J, route = "GET /v2/users/{id}")]
async fn v2_user(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[tokio::test]
async fn a_version_behind_a_prefix() {
    let slo = slo_sdk::testing::recorder();
    let v1 = Router::new()
        .route("/users/{id}", get(v1_user))
        .layer(SloLayer::new());
    let routes = |is_down: bool| {
        let routes = Router::new().route("/users/{id}", get(v2_user));
        if is_down {
            routes.layer(from_fn(down))
        } else {
            routes
        }
    };
    let around = SloLayer::new().layer(routes(true).with_state(()));
    let around = v1.clone().nest_service("/v2", app(around));
    let inside = v1.nest_service("/v2", routes(false).layer(SloLayer::new()));
    let (around, inside) = (serve(routed(around)).await, serve(routed(inside)).await);
    assert_eq!(ask(around, "GET", "/v2/users/1").await, Some(503));
    assert_eq!(ask(around, "GET", "/users/none").await, Some(400));
    assert_eq!(ask(inside, "GET", "/v2/users/none").await, Some(400));
    let expected = [
        ("v2-user", R::ServerError, 1),
        ("v2-user", R::ClientError, 1),
        ("v1-user", R::ClientError, 1),
    ];
    lines(&expected, &[]).check(&slo, "a prefix").await;
}
