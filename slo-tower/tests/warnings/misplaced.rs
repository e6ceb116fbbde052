//! A handler that is reached elsewhere than its `route` says.

use crate::{J, alone, heard};
use axum::{
    Router,
    body::Body,
    extract::Request,
    routing::{any, get},
};
use slo_sdk::slo;
use slo_tower::SloLayer;
use tower::{Layer, ServiceExt};

#[slo(journey = J, route = "POST /order")]
async fn mistyped() {}

#[slo(journey = J, route = "GET /right/{id}")]
async fn right() {}

#[slo(journey = J, route = "/pkg.Service/Method")]
async fn method() {}

/// Sends requests to all of them, in both places of the layer, and says what was warned of.
async fn said(place: &str) -> Vec<String> {
    let routes = Router::new()
        .route("/orders/{id}", any(mistyped))
        .route("/right/{order}", get(right))
        .route("/pkg.Service/{*rest}", any(method));
    let log = heard::log();
    let layer = SloLayer::new();
    let _ = log.take();
    for path in [
        "/orders/secret",
        "/orders/secret",
        "/right/7",
        "/pkg.Service/Method",
    ] {
        let request = Request::post(path).method(match path {
            "/right/7" => "GET",
            _ => "POST",
        });
        let request = request.body(Body::empty()).expect("a request");
        let status = match place {
            "inside" => {
                let app = routes.clone().layer(layer.clone());
                app.oneshot(request).await.expect("a router").status()
            }
            _ => {
                let app = layer.layer(routes.clone().with_state::<()>(()));
                app.oneshot(request).await.expect("a router").status()
            }
        };
        assert_eq!(status, 200, "{path}");
    }
    let mut said = log.take();
    said.retain(|line| line.starts_with("WARN") && !line.contains("feature `axum`"));
    said
}

fn expected(seen: &str) -> [String; 1] {
    [format!(
        "WARN message=mistyped was reached at `{seen}`, and its #[slo] says `route = \"POST /order\"`: \
         requests that are refused before it may be counted for nobody; say the route that clients \
         ask for, or `SloLayer::mounted_at` if a prefix is taken off before the layer"
    )]
}

#[tokio::test]
async fn inside_the_router() {
    if alone::is_alone("misplaced::inside_the_router") {
        let seen = match cfg!(feature = "axum") {
            true => "/orders/{id}",
            false => "/orders/…",
        };
        assert_eq!(said("inside").await, expected(seen));
    }
}

#[tokio::test]
async fn around_the_router() {
    if alone::is_alone("misplaced::around_the_router") {
        assert_eq!(said("around").await, expected("/orders/…"));
    }
}
