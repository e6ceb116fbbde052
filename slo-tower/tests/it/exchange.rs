//! A request to a service in the same process, and what it left in the counts.

use axum::body::{Body, HttpBody};
use http::{Request, Response};
use http_body_util::BodyExt;
use slo_sdk::{EventResult, testing::Recorder};
use slo_tower::SloLayer;
use std::{fmt::Debug, time::Duration};
use tower::{Service, ServiceExt};

pub(crate) fn ask(path: &str) -> Request<Body> {
    let request = Request::builder().uri(path).body(Body::empty());
    request.expect("a request")
}

/// Sends one request and reads its answer to the end.
pub(crate) async fn read<S, B>(service: S, path: &str) -> Response<()>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: Debug,
    B: HttpBody,
    B::Error: Debug,
{
    let response = service.oneshot(ask(path)).await.expect("an answer");
    let (head, body) = response.into_parts();
    body.collect().await.expect("a whole body");
    Response::from_parts(head, ())
}

/// The results that events of an endpoint had, once none is in flight.
pub(crate) async fn results(slo: &Recorder, name: &str) -> Vec<(EventResult, u64)> {
    slo.settle(Duration::from_secs(5)).await;
    let endpoint = slo.endpoint(name);
    endpoint.results().filter(|(_, n)| *n > 0).collect()
}

/// One request through two layers, which is nobody's: from then on requests are marked.
pub(crate) async fn nest_once() {
    let _alone = slo_sdk::testing::recorder();
    let answers = tower::service_fn(async |_: Request<()>| {
        Ok::<_, std::convert::Infallible>(Response::new(String::new()))
    });
    let twice = tower::ServiceBuilder::new()
        .layer(SloLayer::new())
        .layer(SloLayer::new())
        .service(answers);
    let answer = twice.oneshot(Request::new(())).await;
    drop(answer.unwrap_or_else(|never| match never {}));
}
