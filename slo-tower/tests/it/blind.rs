//! Without the feature `axum`, a layer in one of axum's routers sees no route, and says so.

use axum::{Router, body::Body, http::Request, routing::get};
use slo_tower::SloLayer;
use std::{env, process::Command};
use tower::ServiceExt;

const TEST: &str = "blind::a_layer_without_the_feature_axum_says_so_in_a_router";

#[tokio::test]
async fn a_layer_without_the_feature_axum_says_so_in_a_router() {
    const CHILD: &str = "SLO_TEST_BLIND";
    if env::var_os(CHILD).is_some() {
        // Around the whole router nothing more could be seen with it.
        let around = tower::Layer::layer(&SloLayer::new(), Router::<()>::new());
        drop(around);
        eprintln!("around");
        for _ in 0..3 {
            let app = Router::new()
                .route("/", get(async || "here"))
                .layer(SloLayer::new());
            let asked = app.oneshot(Request::get("/").body(Body::empty()).unwrap());
            assert_eq!(asked.await.unwrap().status(), 200);
        }
        return;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let (before, after) = stderr.split_once("around\n").unwrap();
    assert!(!before.contains("slo:"), "{stderr}");
    let lines: Vec<_> = after
        .lines()
        .filter(|line| line.starts_with("slo:"))
        .collect();
    assert_eq!(lines.len(), 1, "{stderr}");
    assert!(
        lines[0].contains("switch on the feature `axum` of slo-tower"),
        "{stderr}"
    );
}
