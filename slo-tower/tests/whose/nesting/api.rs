//! The API of the same process, and the ways to ask it.

use super::kinds::{Nesting, Through};
use crate::book::{J, routed};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use slo_sdk::slo;
use slo_tower::SloLayer;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
};
use tower::{ServiceBuilder, ServiceExt, buffer::Buffer, retry::Policy, util::BoxService};

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The API answers what it is asked for.
pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a status")
}

#[slo(journey = J)]
async fn nested_api(Path(code): Path<u16>) -> StatusCode {
    status(code)
}

async fn free_api(Path(code): Path<u16>) -> StatusCode {
    status(code)
}

fn request(path: &str) -> Request {
    Request::get(path).body(Body::empty()).expect("a request")
}

fn api(nesting: Nesting) -> Router {
    let handler = match nesting.is_api_annotated {
        true => get(nested_api),
        false => get(free_api),
    };
    Router::new()
        .route("/nested-api/{code}", handler)
        .layer(from_fn(again))
        .layer(SloLayer::new())
}

/// Asks the same API once more, where the request says so.
async fn again(request_: Request, next: Next) -> Response {
    let annotated = match request_.uri().query() {
        Some("again=true") => true,
        Some("again=false") => false,
        _ => return next.run(request_).await,
    };
    let nesting = Nesting {
        is_api_annotated: annotated,
        ..Nesting::all()[0]
    };
    let path = request_.uri().path().to_owned();
    let inner: BoxFuture<u16> = Box::pin(async move {
        let answer = api(nesting).oneshot(request(&path)).await;
        read(answer.unwrap_or_else(|never| match never {})).await
    });
    inner.await;
    next.run(request_).await
}

async fn read(answer: Response) -> u16 {
    let (head, body) = answer.into_parts();
    to_bytes(body, 1 << 10).await.expect("a body");
    head.status.as_u16()
}

/// Sends the request once more where the first answer was a failure.
#[derive(Clone, Debug)]
struct Patient {
    is_first: bool,
}

impl<B> Policy<Request, Response<B>, Infallible> for Patient {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request,
        answer: &mut Result<Response<B>, Infallible>,
    ) -> Option<Self::Future> {
        let has_failed = answer
            .as_ref()
            .is_ok_and(|answer| answer.status().is_server_error());
        let is_first = std::mem::replace(&mut self.is_first, false);
        (has_failed && is_first).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(copy(request))
    }
}

impl tower::hedge::Policy<Request> for Patient {
    fn can_retry(&self, _: &Request) -> bool {
        true
    }

    fn clone_request(&self, request: &Request) -> Option<Request> {
        Some(copy(request))
    }
}

/// As `Request::clone` does it, which a body of axum's can't.
fn copy(request: &Request) -> Request {
    let mut copy = Request::new(Body::empty());
    *copy.uri_mut() = request.uri().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy
}

/// Asks the API for this status, and reads the answer to its end.
pub(super) fn ask_api(nesting: Nesting, code: u16) -> BoxFuture<()> {
    let api = routed(api(nesting));
    let service: BoxService<Request, Response, tower::BoxError> = match nesting.through {
        Through::Nothing | Through::Recursion => BoxService::new(api.map_err(Into::into)),
        Through::Buffer => BoxService::new(Buffer::new(api, 1)),
        Through::Retry => {
            let retried = ServiceBuilder::new()
                .retry(Patient { is_first: true })
                .service(api);
            BoxService::new(retried.map_err(Into::into))
        }
        Through::Hedge => {
            let bound = std::time::Duration::from_secs(60);
            BoxService::new(tower::hedge::Hedge::new(
                api,
                Patient { is_first: true },
                1,
                0.9,
                bound,
            ))
        }
        Through::Balance => {
            let replicas = vec![tower::load::Constant::new(api, 1)];
            let replicas = tower::discover::ServiceList::new::<Request>(replicas);
            BoxService::new(tower::balance::p2c::Balance::new(replicas))
        }
    };
    Box::pin(async move {
        let query = match nesting.through {
            Through::Recursion => format!("?again={}", nesting.is_api_annotated),
            _ => String::new(),
        };
        let path = format!("/nested-api/{code}{query}");
        let answer = service.oneshot(request(&path)).await.expect("an answer");
        assert_eq!(read(answer).await, code);
    })
}
