//! The README's axum example, word for word, in a crate of a stranger.

#![forbid(unsafe_code)]
#![deny(warnings)]

use stranger_lib as _;

use axum::{Json, Router, routing::post};
use slo_sdk::{Journey, Objectives, millis, slo};
use slo_tower::SloLayer;

const CHECKOUT: Journey = Journey::new("checkout")
    .objectives(Objectives::new().availability(99.9).latency(99.0, millis(500)));

#[slo(journey = CHECKOUT, route = "POST /orders")]
async fn place_order(Json(items): Json<Vec<String>>) -> String {
    format!("{} items ordered", items.len())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let _slo = slo_sdk::init();
    let app = Router::new().route("/orders", post(place_order)).layer(SloLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).with_graceful_shutdown(stop()?).await?;
    Ok(())
}

/// Ctrl-C or SIGTERM. The guard then exports the last events, as `main` returns.
fn stop() -> std::io::Result<impl std::future::Future<Output = ()>> {
    use tokio::signal::{ctrl_c, unix::{SignalKind, signal}};
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = ctrl_c() => {} }
    })
}
