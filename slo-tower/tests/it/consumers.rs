//! Events are counted once more for whoever called, in both places the layer can stand.

use crate::shop::SHOP;
use axum::{Router, body::Body, routing::get};
use http::{HeaderName, Request, Response, StatusCode};
use http_body_util::BodyExt;
use slo_sdk::{Consumer, Snapshot, budget::Counts, slo};
use slo_tower::{Consumers, Slo, SloLayer};
use std::{collections::BTreeMap, convert::Infallible, time::Duration};
use tower::{Layer, Service, ServiceExt};

const UNIT: &str = "x-unit";

#[slo(journey = SHOP)]
async fn called_inside(status: StatusCode) -> (StatusCode, &'static str) {
    (status, "body")
}

#[slo(journey = SHOP)]
async fn called_around(status: StatusCode) -> (StatusCode, &'static str) {
    (status, "body")
}

#[slo(journey = SHOP)]
async fn called_in_vain() {
    std::future::pending::<()>().await;
}

fn layer() -> SloLayer {
    let units = ["billing", "mobile", "never-calls"];
    SloLayer::new().consumers(Consumers::by_header(HeaderName::from_static(UNIT), units))
}

fn request(unit: Option<&str>, path: &str) -> Request<Body> {
    let mut request = Request::get(path);
    if let Some(unit) = unit {
        request = request.header(UNIT, unit);
    }
    request.body(Body::empty()).expect("a request")
}

/// Reads the answer to its end.
async fn drained<S, B>(service: S, request: Request<Body>)
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body,
{
    let Ok(answer) = service.oneshot(request).await;
    let body = answer.into_body().collect().await;
    assert!(body.is_ok(), "it breaks off");
}

/// Availability of each consumer.
fn availability(slo: &Snapshot, endpoint: &str) -> BTreeMap<&'static str, (u64, u64)> {
    let counts = slo.endpoint(endpoint).expect("it was called");
    let all = counts.consumers().map(|(consumer, slis)| {
        let Counts { good, bad, .. } = slis[0].counts;
        (consumer, (good, bad))
    });
    let all: BTreeMap<_, _> = all.collect();
    // What all consumers have met with is what happened.
    let sum = all
        .values()
        .fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    let Counts { good, bad, .. } = counts.slis()[0].counts;
    assert_eq!(sum, (good, bad), "{endpoint}");
    all
}

#[tokio::test]
async fn each_consumer_has_what_it_met_with() {
    let ok = || called_inside(StatusCode::OK);
    let broken = || called_inside(StatusCode::BAD_GATEWAY);
    let wrong = || called_inside(StatusCode::BAD_REQUEST);
    let inside: Router = Router::new()
        .route("/ok", get(ok))
        .route("/broken", get(broken))
        .route("/wrong", get(wrong))
        .layer(layer());
    let around: Slo<Router> = layer().layer(
        Router::new()
            .route("/ok", get(|| called_around(StatusCode::OK)))
            .route("/broken", get(|| called_around(StatusCode::BAD_GATEWAY)))
            .route("/wrong", get(|| called_around(StatusCode::BAD_REQUEST))),
    );
    let slo = slo_sdk::testing::recorder();
    for (unit, path) in [
        (Some("billing"), "/ok"),
        (Some("billing"), "/broken"),
        (Some("mobile"), "/ok"),
        (Some("mobile"), "/wrong"),
        (Some("Mobile"), "/ok"),
        (Some("other"), "/broken"),
        (None, "/ok"),
    ] {
        drained(inside.clone(), request(unit, path)).await;
        drained(around.clone(), request(unit, path)).await;
    }
    for endpoint in ["called-inside", "called-around"] {
        let expected = [("billing", (1, 1)), ("mobile", (1, 0)), ("other", (2, 1))];
        assert_eq!(availability(&slo.snapshot(), endpoint), expected.into());
    }
    assert_eq!(Consumer::register("billing").name(), "billing");
}

#[tokio::test]
async fn a_client_that_leaves_is_still_known() {
    let app = Router::new()
        .route("/", get(called_in_vain))
        .layer(layer().timeout(Duration::ZERO));
    let slo = slo_sdk::testing::recorder();
    let answer = app.oneshot(request(Some("mobile"), "/"));
    let left = tokio::time::timeout(Duration::from_millis(20), answer).await;
    assert!(left.is_err(), "it never answers");
    let expected = [("mobile", (0, 1))];
    assert_eq!(
        availability(&slo.snapshot(), "called-in-vain"),
        expected.into()
    );
}
