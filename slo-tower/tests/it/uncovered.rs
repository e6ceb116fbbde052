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

/// What each path must have come to. Of a 404 a layer that sees no route can't tell who answered.
fn expected(sees_routes: bool) -> [(&'static str, Outcomes); 5] {
    let [good, bad, excluded] =
        [(1, 0, 0), (0, 1, 0), (0, 0, 1)].map(|(good, bad, excluded)| Outcomes {
            good,
            bad,
            excluded,
        });
    let missing = if sees_routes { PATHS[1] } else { "_unmatched" };
    [
        (PATHS[0], good),
        (missing, excluded),
        (PATHS[2], excluded),
        (PATHS[3], bad),
        (PATHS[4], bad),
    ]
}

#[tokio::test]
async fn routes_count_with_their_outcome() {
    let slo = testing::recorder();
    let app = inner().layer(SloLayer::new());
    for path in PATHS {
        ask(&app, path).await;
    }
    for (name, seen) in expected(cfg!(feature = "axum")) {
        assert_eq!(outcomes(&slo, name), seen, "{name}");
    }
}

/// An opaque service: whatever is behind it, the layer sees no route.
#[tokio::test]
async fn what_no_route_tells_counts_by_its_first_segment() {
    let slo = testing::recorder();
    let opaque = Router::new().nest_service("/v2", inner());
    let app = opaque.layer(SloLayer::new());
    for path in PATHS {
        ask(&app, &format!("/v2{path}")).await;
    }
    for strange in ["/wp-login.php", "/v1/uncovered-ok", "/"] {
        ask(&app, strange).await;
    }
    let seen = outcomes(&slo, "/v2");
    assert_eq!((seen.good, seen.bad, seen.excluded), (1, 2, 1));
    let strange = outcomes(&slo, "_unmatched");
    assert_eq!((strange.good, strange.bad, strange.excluded), (0, 0, 4));
    assert_eq!(slo.snapshot().unannotated().values().sum::<u64>(), 8);
}

#[tokio::test]
async fn a_service_that_was_told_where_it_is_mounted() {
    let slo = testing::recorder();
    // Not axum's: nobody remembers the whole path.
    let told = SloLayer::new().mounted_at("/told/v2/");
    let around = tower::Layer::layer(&told, inner().with_state::<()>(()));
    let response = around.oneshot(Request::new(Body::empty())).await;
    drop(response.expect("a router"));
    let app = inner().layer(told);
    for path in ["/uncovered-ok", "/uncovered-failing", "/nowhere"] {
        ask(&app, path).await;
    }
    let name = |path| match cfg!(feature = "axum") {
        true => format!("/told/v2{path}"),
        false => "/told/v2".to_owned(),
    };
    assert_eq!(outcomes(&slo, &name("/uncovered-ok")).good, 1);
    assert_eq!(outcomes(&slo, &name("/uncovered-failing")).bad, 1);
    assert_eq!(outcomes(&slo, "_unmatched").excluded, 2);
    assert_eq!(slo.snapshot().unannotated().values().sum::<u64>(), 4);
}
