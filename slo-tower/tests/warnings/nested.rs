//! A journey that is told to a layer inside another one.

use crate::{J, alone, heard};
use axum::{Router, body::Body, extract::Request, routing::get};
use slo_sdk::{Endpoint, endpoint};
use slo_tower::SloLayer;
use tower::ServiceExt;

static REST: &Endpoint = endpoint!(name = "rest", journey = J);

#[tokio::test]
async fn the_outer_layer_counts_and_it_is_told_once() {
    if !alone::is_alone("nested::the_outer_layer_counts_and_it_is_told_once") {
        return;
    }
    let log = heard::log();
    let inner = Router::new().route("/page", get(|| async {}));
    let inner = inner.layer(SloLayer::new().journey(REST));
    let app = inner.layer(SloLayer::new());
    let _ = log.take();
    for _ in 0..3 {
        let request = Request::get("/page").body(Body::empty());
        let answer = app.clone().oneshot(request.expect("a request")).await;
        assert_eq!(answer.expect("a router").status(), 200);
    }
    let mut said = log.take();
    said.retain(|line| line.contains("journey("));
    assert_eq!(
        said,
        [
            "WARN message=a SloLayer with `journey(rest)` is inside another SloLayer, which counts \
             the requests: the journey has none of those that no handler claims; give it to the \
             outer layer, or leave that one out"
        ]
    );
    let counts = slo_sdk::snapshot();
    assert_eq!(counts.endpoint("rest").expect("it is known").started(), 0);
    // The first one can't be told from a request inside it.
    assert_eq!(counts.unannotated().values().sum::<u64>(), 2);
}
