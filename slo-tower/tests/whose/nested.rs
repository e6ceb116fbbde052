//! Requests inside the event of another: the table of `docs/nested-requests.md`, row by row.

use crate::book::{App, J, app, ask, lines, routed, serve};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use slo_sdk::{Endpoint, EventResult as R, endpoint, slo};
use slo_tower::SloLayer;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};
use tower::{
    Layer, Service, ServiceBuilder, ServiceExt, buffer::Buffer, retry::Policy, util::BoxService,
};

#[slo(journey = J, route = "GET /save")]
async fn save() -> (StatusCode, &'static str) {
    (StatusCode::INTERNAL_SERVER_ERROR, "db down")
}

#[slo(journey = J, route = "GET /auth")]
async fn auth() -> &'static str {
    "yes"
}

/// Nobody annotated it.
async fn page() -> &'static str {
    "not annotated"
}

fn get_(path: &str) -> Request {
    Request::get(path).body(Body::empty()).expect("a request")
}

/// An API of the same process, with a layer of its own.
fn internal() -> App {
    routed(
        Router::new()
            .route("/auth", get(auth))
            .layer(SloLayer::new()),
    )
}

fn ask_internal() -> BoxFuture<()> {
    Box::pin(async {
        let answer = internal().oneshot(get_("/auth")).await;
        let answer = answer.unwrap_or_else(|never| match never {});
        assert!(answer.status().is_success());
        let whole = axum::body::to_bytes(answer.into_body(), 1 << 10).await;
        assert_eq!(whole.expect("a body"), "yes");
    })
}

/// The same through a buffer, which calls in a task of its own what is polled here.
fn ask_buffered() -> BoxFuture<()> {
    let buffered = BoxService::new(Buffer::new(internal(), 1));
    Box::pin(async move {
        let answer = buffered.oneshot(get_("/auth")).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let whole = axum::body::to_bytes(answer.into_body(), 1 << 10).await;
        assert_eq!(whole.expect("a body"), "yes");
    })
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// When a middleware asks.
#[derive(Clone, Copy, Debug)]
enum When {
    Before,
    After,
    Beside,
    BesideFirst,
    InTask,
    Buffered,
}

fn asks(when: When, request: Request, next: Next) -> BoxFuture<Response> {
    Box::pin(async move {
        match when {
            When::Before => {
                ask_internal().await;
                next.run(request).await
            }
            When::After => {
                let answer = next.run(request).await;
                ask_internal().await;
                answer
            }
            When::Beside => tokio::join!(next.run(request), ask_internal()).0,
            When::BesideFirst => tokio::join!(ask_internal(), next.run(request)).1,
            When::InTask => {
                tokio::spawn(ask_internal()).await.expect("no panic");
                next.run(request).await
            }
            When::Buffered => {
                ask_buffered().await;
                next.run(request).await
            }
        }
    })
}

fn places(routes: &Router) -> [(&'static str, App); 2] {
    let inside = routed(routes.clone().layer(SloLayer::new()));
    let around = SloLayer::new().layer(routes.clone().with_state(()));
    [("inside", inside), ("around", app(around))]
}

#[tokio::test]
async fn a_middleware_asks_an_internal_api() {
    nest_once().await;
    for when in [
        When::Before,
        When::After,
        When::Beside,
        When::BesideFirst,
        When::InTask,
        When::Buffered,
    ] {
        let routes = Router::new()
            .route("/save", get(save))
            .route("/page", get(page))
            .layer(from_fn(move |request, next| asks(when, request, next)));
        for (place, app) in places(&routes) {
            let slo = slo_sdk::testing::recorder();
            let address = serve(app).await;
            for _ in 0..2 {
                assert_eq!(ask(address, "GET", "/page").await, Some(200));
                assert_eq!(ask(address, "GET", "/save").await, Some(500));
            }
            let expected = [("save", R::ServerError, 2), ("auth", R::Ok, 4)];
            let book = lines(&expected, &[("/page", 2)]);
            book.check(&slo, &format!("{when:?} {place}")).await;
        }
    }
}

#[slo(journey = J, route = "GET /annotated")]
async fn annotated() -> StatusCode {
    ask_internal().await;
    StatusCode::INTERNAL_SERVER_ERROR
}

#[tokio::test]
async fn a_handler_asks_an_internal_api() {
    nest_once().await;
    let unannotated = || async {
        ask_internal().await;
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let routes = Router::new()
        .route("/annotated", get(annotated))
        .route("/unannotated", get(unannotated));
    for (place, app) in places(&routes) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        for path in ["/unannotated", "/annotated"] {
            assert_eq!(ask(address, "GET", path).await, Some(500));
        }
        let expected = [("annotated", R::ServerError, 1), ("auth", R::Ok, 2)];
        let book = lines(&expected, &[("/unannotated", 1)]);
        book.check(&slo, place).await;
    }
}

#[slo(journey = J, route = "GET /recursive")]
async fn recursive() -> StatusCode {
    StatusCode::OK
}

#[tokio::test]
async fn a_middleware_asks_its_own_router() {
    fn app() -> Router {
        let again = |request: Request, next: Next| async move {
            let depth = request.uri().query().map_or(0, str::len);
            if depth > 0 {
                let path = format!("/recursive?{}", "x".repeat(depth - 1));
                let inner: Response = Box::pin(app().oneshot(get_(&path)))
                    .await
                    .unwrap_or_else(|never| match never {});
                let _ = axum::body::to_bytes(inner.into_body(), 1 << 10).await;
                return StatusCode::BAD_GATEWAY.into_response();
            }
            next.run(request).await
        };
        Router::new()
            .route("/recursive", get(recursive))
            .layer(from_fn(again))
            .layer(SloLayer::new())
    }
    nest_once().await;
    let slo = slo_sdk::testing::recorder();
    let address = serve(routed(app())).await;
    assert_eq!(ask(address, "GET", "/recursive?xxx").await, Some(502));
    // The innermost is answered; those around it are refused, and the route tells whose they are.
    let expected = [("recursive", R::Ok, 1), ("recursive", R::ServerError, 3)];
    lines(&expected, &[]).check(&slo, "recursion").await;
}

/// Fails every other time.
#[slo(journey = J)]
async fn flaky(calls: Arc<AtomicU32>) -> StatusCode {
    match calls.fetch_add(1, Relaxed) % 2 {
        0 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    }
}

#[derive(Clone, Debug)]
struct Again;

impl<B> Policy<http::Request<()>, http::Response<B>, Infallible> for Again {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut http::Request<()>,
        answer: &mut Result<http::Response<B>, Infallible>,
    ) -> Option<Ready<()>> {
        let is_bad = answer
            .as_ref()
            .is_ok_and(|answer| !answer.status().is_success());
        is_bad.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &http::Request<()>) -> Option<http::Request<()>> {
        Some(request.clone())
    }
}

impl<R: Clone> tower::hedge::Policy<R> for Again {
    fn can_retry(&self, _: &R) -> bool {
        true
    }

    fn clone_request(&self, request: &R) -> Option<R> {
        Some(request.clone())
    }
}

/// Two layers around a handler, with something between them that sends the request on.
#[tokio::test]
async fn one_request_through_two_layers_is_one_event() {
    nest_once().await;
    let calls = Arc::new(AtomicU32::new(0));
    let handler = tower::service_fn(move |_: http::Request<()>| {
        let calls = calls.clone();
        async move { Ok::<_, Infallible>(flaky(calls).await.into_response()) }
    });
    let inner = ServiceBuilder::new()
        .layer(SloLayer::new())
        .service(handler);
    let request = || http::Request::get("/flaky").body(()).expect("a request");
    async fn finish<S, B>(service: S, request: http::Request<()>) -> StatusCode
    where
        S: Service<http::Request<()>, Response = http::Response<B>>,
        S::Error: std::fmt::Debug,
        B: axum::body::HttpBody<Error: std::fmt::Debug>,
    {
        let answer = service.oneshot(request).await.expect("an answer");
        let (head, body) = answer.into_parts();
        http_body_util::BodyExt::collect(body)
            .await
            .expect("a body");
        head.status
    }
    let slo = slo_sdk::testing::recorder();
    let outer = || ServiceBuilder::new().layer(SloLayer::new());
    let retried = outer().retry(Again).service(inner.clone());
    assert_eq!(finish(retried, request()).await, 200);
    lines(&[("flaky", R::Ok, 1)], &[])
        .check(&slo, "retry")
        .await;

    let hedged = tower::hedge::Hedge::new(
        inner.clone(),
        Again,
        1,
        0.9,
        std::time::Duration::from_secs(1),
    );
    assert_eq!(finish(outer().service(hedged), request()).await, 503);
    let mut book = lines(&[("flaky", R::Ok, 1), ("flaky", R::ServerError, 1)], &[]);
    book.check(&slo, "hedge").await;

    let replicas = tower::load::Constant::new(inner.clone(), 1);
    let discovered = tower::discover::ServiceList::new::<http::Request<()>>(vec![replicas]);
    let balanced = tower::balance::p2c::Balance::new(discovered);
    assert_eq!(finish(outer().service(balanced), request()).await, 200);
    book.event("flaky", R::Ok);
    book.check(&slo, "balance").await;

    let buffered = Buffer::new(inner, 1);
    assert_eq!(finish(outer().service(buffered), request()).await, 503);
    book.event("flaky", R::ServerError);
    book.check(&slo, "buffer").await;
}

/// One request through two layers, which is nobody's: from then on requests are marked.
async fn nest_once() {
    let _alone = slo_sdk::testing::recorder();
    let answers = tower::service_fn(async |_: http::Request<()>| {
        Ok::<_, Infallible>(http::Response::new(String::new()))
    });
    let twice = ServiceBuilder::new()
        .layer(SloLayer::new())
        .layer(SloLayer::new())
        .service(answers);
    let answer = twice.oneshot(http::Request::new(())).await;
    drop(answer.unwrap_or_else(|never| match never {}));
}

static CLOSURE: &Endpoint = endpoint!(name = "closure", journey = J);

#[tokio::test]
async fn a_layer_that_knows_its_endpoint_under_another_is_one_event() {
    nest_once().await;
    let fails = get(|| async { StatusCode::BAD_GATEWAY });
    let routes = Router::new().route("/c", fails.layer(SloLayer::new().endpoint(CLOSURE)));
    for (place, app) in places(&routes) {
        let slo = slo_sdk::testing::recorder();
        let address = serve(app).await;
        assert_eq!(ask(address, "GET", "/c").await, Some(502));
        let book = lines(&[("closure", R::ServerError, 1)], &[]);
        book.check(&slo, place).await;
    }
}
