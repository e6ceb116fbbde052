//! A layer that knows its endpoint: around clients, and services without handlers.

use crate::{
    exchange::{ask, nest_once, read, results},
    shop::{SHOP, router},
};
use axum::{Router, body::Body, routing::get};
use http::{Request, Response};
use http_body_util::BodyExt;
use slo_sdk::{Endpoint, EventResult as R, endpoint, slo};
use slo_tower::SloLayer;
use std::time::Duration;
use tower::{Service, ServiceBuilder, ServiceExt};

static UPSTREAM: &Endpoint = endpoint!(name = "call-upstream", journey = SHOP);

/// Stands for a client: what it calls runs in a process of its own, as it were.
fn client() -> impl Service<
    Request<Body>,
    Response = Response<slo_tower::SloBody<Body>>,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone {
    ServiceBuilder::new()
        .layer(SloLayer::new().endpoint(UPSTREAM))
        .service(router().with_state(()))
}

#[tokio::test]
async fn every_request_of_a_client_is_its_own_event() {
    let slo = slo_sdk::testing::recorder();
    for path in ["/good", "/failing", "/nowhere"] {
        read(client(), path).await;
    }
    let call = client().oneshot(ask("/forever"));
    tokio::time::timeout(Duration::from_millis(20), call)
        .await
        .expect_err("it takes forever");
    let response = client().oneshot(ask("/broken-body")).await;
    let broken = response.expect("a head").into_body().collect().await;
    assert!(broken.is_err());
    let expected = [
        (R::Ok, 1),
        (R::ClientError, 1),
        (R::ServerError, 1),
        (R::BodyError, 1),
        (R::Cancelled, 1),
    ];
    assert_eq!(results(&slo, "call-upstream").await, expected);
    // The handlers behind it are separate events, whose answers no layer of theirs sees.
    assert_eq!(results(&slo, "good").await, [(R::OutsideLayer, 1)]);
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 0);
}

#[tokio::test]
async fn a_call_before_any_handler_has_claimed_the_request_is_one_too() {
    nest_once().await;
    #[slo(journey = SHOP)]
    async fn asked_before() {}
    let slo = slo_sdk::testing::recorder();
    // A middleware that asks another service, as one that checks tokens does.
    let asks = |request: axum::extract::Request, next: axum::middleware::Next| async move {
        let _ = client().oneshot(ask("/empty")).await;
        next.run(request).await
    };
    let app = Router::new()
        .route("/", get(asked_before))
        .layer(axum::middleware::from_fn(asks))
        .layer(SloLayer::new());
    read(app, "/").await;
    assert_eq!(results(&slo, "call-upstream").await, [(R::Ok, 1)]);
    assert_eq!(results(&slo, "asked-before").await, [(R::Ok, 1)]);
}

#[tokio::test]
async fn what_runs_before_a_handler_can_be_an_event_per_call() {
    #[slo(journey = SHOP, per = call)]
    async fn check_token(is_valid: bool) -> Result<(), ()> {
        is_valid.then_some(()).ok_or(())
    }
    #[slo(journey = SHOP)]
    async fn guarded() {
        // Again, from within the handler.
        check_token(false).await.expect_err("it is not valid");
    }
    let slo = slo_sdk::testing::recorder();
    let checks = |request: axum::extract::Request, next: axum::middleware::Next| async move {
        check_token(true).await.expect("it is valid");
        next.run(request).await
    };
    let app = Router::new()
        .route("/", get(guarded))
        .layer(axum::middleware::from_fn(checks))
        .layer(SloLayer::new());
    read(app, "/").await;
    assert_eq!(results(&slo, "guarded").await, [(R::Ok, 1)]);
    assert_eq!(
        results(&slo, "check-token").await,
        [(R::Ok, 1), (R::ServerError, 1)]
    );
}
