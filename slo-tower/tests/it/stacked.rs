//! Layers on layers: one request stays one event.

use crate::{
    exchange::{ask, nest_once, read, results},
    shop::{SHOP, router},
};
use axum::{Router, body::Body, routing::get};
use http::Request;
use slo_sdk::{EventResult, slo};
use slo_tower::SloLayer;
use std::time::Duration;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;

#[tokio::test]
async fn a_doubled_layer_counts_once() {
    nest_once().await;
    let slo = slo_sdk::testing::recorder();
    let app = router().layer(SloLayer::new()).layer(SloLayer::new());
    assert_eq!(read(app.clone(), "/good").await.status(), 200);
    assert_eq!(read(app, "/nowhere").await.status(), 404);
    assert_eq!(results(&slo, "good").await, [(EventResult::Ok, 1)]);
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 1);
}

#[tokio::test]
async fn a_doubled_layer_with_a_buffer_between_counts_once() {
    nest_once().await;
    let slo = slo_sdk::testing::recorder();
    let service = ServiceBuilder::new()
        .layer(SloLayer::new())
        .buffer(4)
        .layer(SloLayer::new())
        .service(router().with_state(()));
    assert_eq!(read(service, "/good").await.status(), 200);
    assert_eq!(results(&slo, "good").await, [(EventResult::Ok, 1)]);
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 0);
}

#[tokio::test]
async fn a_caught_panic_is_seen_from_either_side() {
    let slo = slo_sdk::testing::recorder();
    let outside = router()
        .layer(SloLayer::new())
        .layer(CatchPanicLayer::new());
    assert_eq!(read(outside, "/panicking").await.status(), 500);
    assert_eq!(
        results(&slo, "panicking").await,
        [(EventResult::Panicked, 1)]
    );
    let inside = router()
        .layer(CatchPanicLayer::new())
        .layer(SloLayer::new());
    assert_eq!(read(inside, "/panicking").await.status(), 500);
    assert_eq!(
        results(&slo, "panicking").await,
        [(EventResult::ServerError, 1), (EventResult::Panicked, 1)]
    );
}

#[tokio::test]
async fn an_error_of_the_service_is_bad() {
    let slo = slo_sdk::testing::recorder();
    let fails = tower::service_fn(async |_: Request<Body>| {
        served().await;
        Err::<http::Response<Body>, _>(std::io::Error::other("on purpose"))
    });
    let service = ServiceBuilder::new().layer(SloLayer::new()).service(fails);
    service
        .oneshot(ask("/"))
        .await
        .expect_err("the service's error");
    assert_eq!(
        results(&slo, "served").await,
        [(EventResult::ServerError, 1)]
    );
}

#[slo(journey = SHOP)]
async fn served() {}

#[tokio::test]
async fn a_call_within_a_handler_is_an_event_of_its_own() {
    #[slo(journey = SHOP)]
    async fn outer() -> &'static str {
        inner().await.unwrap_or("fallback")
    }
    #[slo(journey = SHOP)]
    async fn inner() -> Result<&'static str, ()> {
        Err(())
    }
    let slo = slo_sdk::testing::recorder();
    let app = Router::new().route("/", get(outer)).layer(SloLayer::new());
    assert_eq!(read(app, "/").await.status(), 200);
    assert_eq!(results(&slo, "outer").await, [(EventResult::Ok, 1)]);
    assert_eq!(
        results(&slo, "inner").await,
        [(EventResult::ServerError, 1)]
    );
}

#[tokio::test]
async fn a_handler_called_again_by_a_retry_is_one_event() {
    let slo = slo_sdk::testing::recorder();
    let twice = tower::service_fn(async |_: Request<Body>| {
        served_twice(true).await;
        served_twice(false).await;
        Ok::<_, std::convert::Infallible>(http::Response::new(Body::empty()))
    });
    assert_eq!(
        read(
            ServiceBuilder::new().layer(SloLayer::new()).service(twice),
            "/"
        )
        .await
        .status(),
        200
    );
    assert_eq!(results(&slo, "served-twice").await, [(EventResult::Ok, 1)]);
}

#[slo(journey = SHOP)]
async fn served_twice(_first: bool) {}

#[tokio::test]
async fn a_future_never_polled_is_no_event_of_the_handler() {
    let slo = slo_sdk::testing::recorder();
    let future = router().layer(SloLayer::new()).oneshot(ask("/good"));
    drop(future);
    assert_eq!(slo.endpoint("good").started(), 0);
}

#[tokio::test]
async fn a_router_that_applies_its_layers_anew_registers_nothing_twice() {
    let slo = slo_sdk::testing::recorder();
    let known = slo_sdk::layer::endpoints().len();
    // `Router<()>` used as it is builds its layers again for every request.
    let app = router().layer(SloLayer::new());
    for _ in 0..100 {
        assert_eq!(read(app.clone(), "/good").await.status(), 200);
    }
    assert_eq!(results(&slo, "good").await, [(EventResult::Ok, 100)]);
    assert_eq!(slo_sdk::layer::endpoints().len(), known);
}

#[tokio::test]
async fn a_timeout_of_the_server_is_a_missed_deadline_on_either_side() {
    const LIMIT: Duration = Duration::from_millis(30);
    let slo = slo_sdk::testing::recorder();
    let timeout = || tower::timeout::TimeoutLayer::new(LIMIT);
    let outside = ServiceBuilder::new()
        .layer(timeout())
        .layer(SloLayer::new().timeout(LIMIT))
        .service(router().with_state(()));
    outside
        .oneshot(ask("/forever"))
        .await
        .expect_err("it takes forever");
    assert_eq!(results(&slo, "forever").await, [(EventResult::TimedOut, 1)]);
    let availability = slo
        .endpoint("forever")
        .sli("availability")
        .expect("it has one")
        .counts;
    assert_eq!((availability.good, availability.bad), (0, 1));

    let inside = ServiceBuilder::new()
        .layer(SloLayer::new())
        .layer(timeout())
        .service(router().with_state(()));
    inside
        .oneshot(ask("/forever"))
        .await
        .expect_err("it takes forever");
    let both = [(EventResult::ServerError, 1), (EventResult::TimedOut, 1)];
    assert_eq!(results(&slo, "forever").await, both);
}

#[tokio::test]
async fn a_word_said_between_two_layers_is_kept() {
    nest_once().await;
    let slo = slo_sdk::testing::recorder();
    let service = ServiceBuilder::new()
        .layer(SloLayer::new())
        .map_request(|request: Request<Body>| {
            assert!(slo_sdk::current().exclude());
            request
        })
        .buffer(4)
        .layer(SloLayer::new())
        .service(router().with_state(()));
    assert_eq!(read(service, "/good").await.status(), 200);
    assert_eq!(
        results(&slo, "good").await,
        [(EventResult::MarkedExcluded, 1)]
    );
}
