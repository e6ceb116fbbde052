//! What nobody annotated counts with its outcome.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::StatusCode,
    routing::get,
};
use slo_sdk::{testing, unannotated::Outcomes};
use slo_tower::SloLayer;
use tower::ServiceExt;

async fn ask(app: &Router, path: &str) {
    let request = Request::builder()
        .uri(path)
        .body(Body::empty())
        .expect("a path");
    let app = app.clone();
    let answer = tokio::spawn(async move {
        let response = app.oneshot(request).await.expect("a router");
        to_bytes(response.into_body(), 1000).await.expect("a body");
    });
    // Some panic.
    let _ = answer.await;
}

async fn panics() {
    panic!("on purpose")
}

/// A service of five routes whose answers are known.
fn inner() -> Router {
    Router::new()
        .route("/uncovered-ok", get(|| async { "served" }))
        .route(
            "/uncovered-missing",
            get(|| async { StatusCode::NOT_FOUND }),
        )
        .route(
            "/uncovered-refused",
            get(|| async { StatusCode::FORBIDDEN }),
        )
        .route(
            "/uncovered-failing",
            get(|| async { StatusCode::BAD_GATEWAY }),
        )
        .route("/uncovered-panics", get(panics))
}

const PATHS: [&str; 5] = [
    "/uncovered-ok",
    "/uncovered-missing",
    "/uncovered-refused",
    "/uncovered-failing",
    "/uncovered-panics",
];

fn outcomes(slo: &testing::Recorder, route: &str) -> Outcomes {
    let snapshot = slo.snapshot();
    let all = snapshot.unannotated_outcomes();
    all.get(route).copied().unwrap_or_default()
}

#[tokio::test]
async fn routes_count_with_their_outcome() {
    let slo = testing::recorder();
    let app = inner().layer(SloLayer::new());
    for path in PATHS {
        ask(&app, path).await;
    }
    let seen: Vec<Outcomes> = if cfg!(feature = "axum") {
        PATHS.iter().map(|path| outcomes(&slo, path)).collect()
    } else {
        // No route is seen, so all of them count as one.
        vec![outcomes(&slo, "_unmatched")]
    };
    let [good, bad, excluded] =
        [(1, 0, 0), (0, 1, 0), (0, 0, 1)].map(|(good, bad, excluded)| Outcomes {
            good,
            bad,
            excluded,
        });
    let expected = if cfg!(feature = "axum") {
        vec![good, excluded, excluded, bad, bad]
    } else {
        vec![Outcomes {
            good: 1,
            bad: 2,
            excluded: 2,
        }]
    };
    assert_eq!(seen, expected);
}
