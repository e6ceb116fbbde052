//! What clients make up can't fill the table of names. In a process of its own, because it does.

#![cfg(not(feature = "off"))]

use axum::{Router, body::Body, extract::Request};
use slo_sdk::unannotated::MAX_CLIENT_NAMES;
use slo_tower::SloLayer;
use tower::ServiceExt;

#[tokio::test]
async fn a_service_that_answers_whatever_it_is_asked() {
    const MANY: usize = 120;
    let anything = Router::new().fallback(|| async { "anything" });
    let app = anything.layer(SloLayer::new());
    let ask = async |path: String| {
        let request = Request::get(path).body(Body::empty()).expect("a path");
        let answer = app.clone().oneshot(request).await.expect("a router");
        assert_eq!(answer.status(), 200);
    };
    for i in 0..MANY {
        ask(format!("/made-up-{i}")).await;
        ask(format!("/%{:02x}/{i}", i + 1)).await;
        ask(format!("/{}", "long-".repeat(i + 10))).await;
    }
    let snapshot = slo_sdk::snapshot();
    let all = snapshot.unannotated();
    assert_eq!(all["/made-up-0"], 1);
    assert_eq!(all.len(), MAX_CLIENT_NAMES + 2, "{all:?}");
    let is_name = |name: &String| name.starts_with("/made-up-") || name.starts_with('_');
    assert!(all.keys().all(is_name), "{all:?}");
    assert_eq!(all.values().sum::<u64>(), 3 * MANY as u64);
    assert_eq!(all["_other"], (3 * MANY - MAX_CLIENT_NAMES) as u64);
    assert_eq!(all["_unmatched"], 0);
}
