//! Who may say what an answer means: a classifier of the layer, an annotation, the handler,
//! and a service further in that the gateway trusts.

use crate::{
    exchange::{ask, read, results},
    shop::SHOP,
};
use axum::{Router, body::Body, routing::get};
use http::{Request, Response, StatusCode};
use slo_sdk::{Ending, EventResult as R, Statuses, slo};
use slo_tower::{Classifier, SloLayer, StatusSeen, UpstreamLayer};
use std::{any::Any, time::Duration};
use tower::{BoxError, ServiceBuilder, ServiceExt, timeout::error::Elapsed};

/// A layer whose opinions are told apart from the table's.
#[derive(Clone, Debug)]
struct House;

impl Classifier for House {
    fn answer(&self, answer: &StatusSeen<'_>) -> Option<Ending> {
        match answer.http_status()? {
            StatusCode::IM_A_TEAPOT => Some(Ending::ServerError),
            _ => answer
                .headers()
                .contains_key("x-maintenance")
                .then_some(Ending::MarkedExcluded),
        }
    }

    fn error(&self, error: &dyn Any) -> Option<Ending> {
        let error = error.downcast_ref::<BoxError>()?;
        error.is::<Elapsed>().then_some(Ending::DeadlinePassed)
    }
}

#[slo(journey = SHOP)]
async fn opinion(status: StatusCode) -> (StatusCode, &'static str) {
    (status, "body")
}

/// A teapot is what it promised to be.
#[slo(journey = SHOP, good_status = [418])]
async fn teapot() -> (StatusCode, &'static str) {
    (StatusCode::IM_A_TEAPOT, "short and stout")
}

#[slo(journey = SHOP)]
async fn maintenance() -> (StatusCode, [(&'static str, &'static str); 1]) {
    (StatusCode::SERVICE_UNAVAILABLE, [("x-maintenance", "1")])
}

#[slo(journey = SHOP)]
async fn sleeps() {
    std::future::pending::<()>().await;
}

fn service() -> Router {
    Router::new()
        .route("/teapot", get(teapot))
        .route("/opinion", get(|| opinion(StatusCode::IM_A_TEAPOT)))
        .route("/busy", get(|| opinion(StatusCode::TOO_MANY_REQUESTS)))
        .route("/stale", get(stale))
        .route("/maintenance", get(maintenance))
        .route("/sleeps", get(sleeps))
        .route("/plain", get(|| opinion(StatusCode::OK)))
        .route("/lies", get(|| async { [("slo-result", "bad")] }))
}

#[slo(journey = SHOP)]
async fn stale() -> &'static str {
    slo_sdk::current().bad("stale");
    "yesterday's prices"
}

#[tokio::test]
async fn annotation_over_classifier_over_table() {
    let slo = slo_sdk::testing::recorder();
    let app = ServiceBuilder::new()
        .layer(SloLayer::new().classifier(House))
        .service(service().with_state(()));
    for path in ["/teapot", "/opinion", "/busy", "/maintenance", "/plain"] {
        read(app.clone(), path).await;
    }
    assert_eq!(results(&slo, "teapot").await, [(R::Ok, 1)]);
    let expected = [(R::Ok, 1), (R::ClientError, 1), (R::ServerError, 1)];
    assert_eq!(results(&slo, "opinion").await, expected);
    assert_eq!(results(&slo, "maintenance").await, [(R::MarkedExcluded, 1)]);
}

#[tokio::test]
async fn a_list_of_codes_is_a_classifier() {
    let slo = slo_sdk::testing::recorder();
    const CROWDED: Statuses = Statuses::new().bad(&[429]);
    let app = service().layer(SloLayer::new().classifier(CROWDED));
    for path in ["/busy", "/plain"] {
        read(app.clone(), path).await;
    }
    let expected = [(R::Ok, 1), (R::ServerError, 1)];
    assert_eq!(results(&slo, "opinion").await, expected);
}

#[tokio::test]
async fn an_error_of_the_service_can_be_a_deadline() {
    let slo = slo_sdk::testing::recorder();
    let app = ServiceBuilder::new()
        .layer(SloLayer::new().classifier(House))
        .timeout(Duration::from_millis(20))
        .service(service().with_state(()));
    app.oneshot(ask("/sleeps")).await.expect_err("it sleeps");
    assert_eq!(results(&slo, "sleeps").await, [(R::TimedOut, 1)]);
}

/// A gateway that passes on what a service further in answers.
#[slo(journey = SHOP)]
async fn pass_on<S>(service: S, request: Request<Body>) -> Response<Body>
where
    S: tower::Service<Request<Body>, Response = Response<Body>>,
    S::Error: std::fmt::Debug,
{
    service.oneshot(request).await.expect("an answer")
}

fn gateway<S>(inner: S) -> Router
where
    S: tower::Service<Request<Body>, Response = Response<Body>> + Clone + Send + Sync + 'static,
    S::Error: std::fmt::Debug,
    S::Future: Send,
{
    Router::new()
        .fallback(move |request: Request<Body>| pass_on(inner.clone(), request))
        .layer(SloLayer::new())
}

#[tokio::test]
async fn a_trusted_service_overrules_the_gateway() {
    let announcing = service().layer(SloLayer::new().announce_result());
    let trusted = ServiceBuilder::new().layer(UpstreamLayer::new());
    let app = gateway(trusted.service(announcing.with_state(())));
    for (path, expected) in [
        ("/plain", R::Ok),
        ("/stale", R::MarkedBad),
        ("/teapot", R::MarkedGood),
        // The table is everyone's.
        ("/busy", R::ClientError),
        // Not its own word, but that of whoever stands behind it.
        ("/lies", R::Ok),
    ] {
        let slo = slo_sdk::testing::recorder();
        let response = read(app.clone(), path).await;
        assert!(!response.headers().contains_key("slo-result"), "{path}");
        assert_eq!(results(&slo, "pass-on").await, [(expected, 1)], "{path}");
    }
}

#[tokio::test]
async fn nobody_else_does() {
    let announcing = || service().layer(SloLayer::new().announce_result());
    let trusted = ServiceBuilder::new().layer(UpstreamLayer::new());
    for (name, app) in [
        ("not trusted", gateway(announcing().with_state(()))),
        (
            "does not announce",
            gateway(trusted.service(service().layer(SloLayer::new()).with_state(()))),
        ),
    ] {
        let slo = slo_sdk::testing::recorder();
        read(app, "/stale").await;
        assert_eq!(results(&slo, "pass-on").await, [(R::Ok, 1)], "{name}");
        assert_eq!(results(&slo, "stale").await, [(R::MarkedBad, 1)], "{name}");
    }
}

#[tokio::test]
async fn the_gateway_has_the_last_word_and_bad_outweighs() {
    use slo_sdk::{Mark, current};
    #[slo(journey = SHOP)]
    async fn fan_out(words: Vec<Mark>, own: Option<Mark>) {
        if let Some(Mark::Good) = own {
            current().good();
        }
        for word in words {
            assert!(current().relay(word));
        }
        if let Some(Mark::Excluded) = own {
            current().exclude();
        }
    }
    let app = |words: &[Mark], own| {
        let words = words.to_vec();
        let handler = move || fan_out(words.clone(), own);
        Router::new()
            .route("/", get(handler))
            .layer(SloLayer::new())
    };
    for (words, own, expected) in [
        (&[Mark::Good, Mark::Bad][..], None, R::MarkedBad),
        (&[Mark::Bad, Mark::Good], None, R::MarkedBad),
        (&[Mark::Excluded, Mark::Good], None, R::MarkedExcluded),
        (&[Mark::Excluded], Some(Mark::Good), R::MarkedGood),
        (&[Mark::Bad], Some(Mark::Excluded), R::MarkedExcluded),
    ] {
        let slo = slo_sdk::testing::recorder();
        read(app(words, own), "/").await;
        assert_eq!(results(&slo, "fan-out").await, [(expected, 1)], "{words:?}");
    }
    assert!(!current().relay(Mark::Bad), "outside any event");
}
