//! Requests that hang are seen, though none of them has ended.

use crate::{exchange::ask, shop::SHOP};
use axum::{Router, extract::Request, middleware, routing::get};
use slo_sdk::{EventResult as R, slo};
use slo_tower::SloLayer;
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
};
use tokio::sync::Semaphore;
use tower::ServiceExt;

const N: u64 = 10;

#[slo(journey = SHOP, route = "GET /stuck/{id}")]
async fn stuck() {
    std::future::pending::<()>().await;
}

/// Nobody declares where it is served.
#[slo(journey = SHOP)]
async fn somewhere() {}

/// Where the requests of a path hang, and what is seen of them: in flight for the endpoint,
/// and for nobody.
async fn hanging(gate: Option<Arc<Semaphore>>, path: &str, name: &str) -> (u64, u64) {
    let slo = slo_sdk::testing::recorder();
    let waits = move |request: Request, next: middleware::Next| {
        let gate = gate.clone();
        async move {
            if let Some(gate) = gate {
                let _pass = gate.acquire().await;
            }
            next.run(request).await
        }
    };
    let app = Router::new()
        .route("/stuck/{id}", get(stuck))
        .route("/somewhere", get(somewhere))
        .layer(middleware::from_fn(waits))
        .layer(SloLayer::new());
    let mut requests: Vec<_> = (0..N)
        .map(|_| Box::pin(app.clone().oneshot(ask(path))))
        .collect();
    for request in &mut requests {
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(request).poll(&mut cx).is_pending());
    }
    let seen = slo.snapshot();
    let endpoint = seen.endpoint(name).expect("it is known");
    let (in_flight, unclaimed) = (endpoint.in_flight(), seen.unclaimed());
    assert_eq!(endpoint.ended(), 0);
    drop(requests);
    let after = slo.snapshot();
    let endpoint = after.endpoint(name).expect("it is known");
    assert_eq!((endpoint.in_flight(), after.unclaimed()), (0, 0));
    assert_eq!(endpoint.result(R::Cancelled), in_flight);
    (in_flight, unclaimed)
}

#[tokio::test]
async fn in_the_handler() {
    assert_eq!(hanging(None, "/stuck/1", "stuck").await, (N, 0));
}

#[tokio::test]
async fn before_the_handler_where_the_route_is_declared() {
    let gate = Some(Arc::new(Semaphore::new(0)));
    assert_eq!(hanging(gate, "/stuck/1", "stuck").await, (N, 0));
}

#[tokio::test]
async fn before_the_handler_where_nobody_knows_the_route() {
    let gate = Some(Arc::new(Semaphore::new(0)));
    assert_eq!(hanging(gate, "/nowhere", "somewhere").await, (0, N));
}

#[tokio::test]
async fn one_that_goes_on_is_counted_once() {
    let slo = slo_sdk::testing::recorder();
    let gate = Arc::new(Semaphore::new(0));
    let waits = {
        let gate = gate.clone();
        move |request: Request, next: middleware::Next| {
            let gate = gate.clone();
            async move {
                gate.acquire().await.expect("it is open").forget();
                next.run(request).await
            }
        }
    };
    let app = Router::new()
        .route("/somewhere", get(somewhere))
        .route("/stuck/{id}", get(somewhere))
        .layer(middleware::from_fn(waits))
        .layer(SloLayer::new());
    // The second is bound for an endpoint that does not claim it in the end.
    for (path, unclaimed) in [("/somewhere", 1), ("/stuck/1", 0)] {
        let mut request = Box::pin(app.clone().oneshot(ask(path)));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(request.as_mut().poll(&mut cx).is_pending());
        let seen = slo.snapshot();
        let waiting = seen.endpoint("stuck").expect("it is known").in_flight();
        assert_eq!(
            (seen.unclaimed(), waiting),
            (unclaimed, 1 - unclaimed),
            "{path}"
        );
        gate.add_permits(1);
        assert_eq!(request.await.expect("an answer").status(), 200);
        let after = slo.snapshot();
        let waiting = after.endpoint("stuck").expect("it is known").started();
        assert_eq!((after.unclaimed(), waiting), (0, 0), "{path}");
    }
    assert_eq!(slo.endpoint("somewhere").result(R::Ok), 2);
    assert_eq!(slo.endpoint("somewhere").started(), 2);
}
