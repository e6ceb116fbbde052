//! The first request inside another, long after the start: it can't be told whether the two are
//! one, so it is counted nowhere, and from then on it can be told.

#![cfg(not(feature = "off"))]

use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
    routing::get,
};
use slo_sdk::{EventResult as R, Journey, Objectives, slo, testing::Recorder};
use slo_tower::SloLayer;
use tower::ServiceExt;

const J: Journey = Journey::new("j").objectives(Objectives::new().availability(99.9));

#[slo(journey = J)]
async fn plain() {}

#[slo(journey = J)]
async fn auth() {}

#[slo(journey = J)]
async fn claims() {}

async fn send(app: &Router, path: &str) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await;
    let answer = answer.unwrap_or_else(|never| match never {});
    assert_eq!(answer.status(), 200);
    let whole = axum::body::to_bytes(answer.into_body(), 1 << 10).await;
    whole.expect("a body");
}

fn counted(slo: &Recorder, name: &str) -> Vec<(R, u64)> {
    let endpoint = slo.endpoint(name);
    assert_eq!(endpoint.in_flight(), 0, "{name}");
    endpoint.results().filter(|(_, n)| *n > 0).collect()
}

#[tokio::test]
async fn it_is_nobodys() {
    let internal = Router::new()
        .route("/auth", get(auth))
        .layer(SloLayer::new());
    let asks = move |request: Request, next: Next| {
        let internal = internal.clone();
        async move {
            send(&internal, "/auth").await;
            next.run(request).await
        }
    };
    let public = Router::new()
        .route("/claims", get(claims))
        .route("/page", get(|| async {}))
        .layer(from_fn(asks))
        .layer(SloLayer::new());
    let bare = Router::new().route("/", get(plain)).layer(SloLayer::new());
    let slo = slo_sdk::testing::recorder();
    for _ in 0..1_100 {
        send(&bare, "/").await;
    }
    assert_eq!(counted(&slo, "plain"), [(R::Ok, 1_100)]);
    let unannotated = || slo.snapshot().unannotated().values().sum::<u64>();
    send(&public, "/page").await;
    assert_eq!((counted(&slo, "auth"), unannotated()), (vec![], 0));
    send(&public, "/page").await;
    send(&public, "/claims").await;
    assert_eq!(counted(&slo, "auth"), [(R::Ok, 2)]);
    assert_eq!(counted(&slo, "claims"), [(R::Ok, 1)]);
    assert_eq!(unannotated(), 1);
}
