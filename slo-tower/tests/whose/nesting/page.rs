//! The page whose middleware or handler asks the API.

use super::{
    api::{ask_api, status},
    kinds::{Nesting, When, Who},
};
use crate::book::{App, J, app, routed};
use axum::{
    Router,
    extract::{Path, Request},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use slo_sdk::slo;
use slo_tower::SloLayer;
use tower::Layer;

#[slo(journey = J)]
async fn nested_page(Path((nesting, own, inner)): Path<(usize, u16, u16)>) -> StatusCode {
    work(nesting, own, inner).await
}

async fn free_page(Path((nesting, own, inner)): Path<(usize, u16, u16)>) -> StatusCode {
    work(nesting, own, inner).await
}

/// Some work, with the API asked before, after or beside it.
async fn asking<T: Send + 'static>(
    nesting: Nesting,
    code: u16,
    own: impl Future<Output = T> + Send,
) -> T {
    let asks = ask_api(nesting, code);
    match nesting.when {
        When::Before => {
            asks.await;
            own.await
        }
        When::After => {
            let done = own.await;
            asks.await;
            done
        }
        When::Beside => tokio::join!(own, asks).0,
        When::BesideFirst => tokio::join!(asks, own).1,
        When::InTask => {
            let asks = tokio::spawn(asks);
            let done = own.await;
            asks.await.expect("no panic");
            done
        }
    }
}

async fn work(nesting: usize, own: u16, inner: u16) -> StatusCode {
    let nesting = Nesting::all()[nesting];
    let done = async move {
        tokio::task::yield_now().await;
        status(own)
    };
    match nesting.who {
        Who::Middleware => done.await,
        Who::Handler | Who::Both => asking(nesting, inner, done).await,
    }
}

async fn middleware(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut parts = path.split('/').skip(2).map(str::parse::<u16>);
    let (Some(Ok(number)), Some(_), Some(Ok(inner))) = (parts.next(), parts.next(), parts.next())
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let nesting = Nesting::all()[usize::from(number)];
    match nesting.who {
        Who::Handler => next.run(request).await,
        Who::Middleware | Who::Both => asking(nesting, inner, next.run(request)).await,
    }
}

pub(super) fn service(is_around: bool, is_annotated: bool) -> App {
    let handler = match is_annotated {
        true => get(nested_page),
        false => get(free_page),
    };
    let routes = Router::new()
        .route("/nested-page/{nesting}/{own}/{inner}", handler)
        .layer(from_fn(middleware));
    match is_around {
        true => app(SloLayer::new().layer(routes.with_state(()))),
        false => routed(routes.layer(SloLayer::new())),
    }
}
