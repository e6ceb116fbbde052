//! The README's axum example, word for word, in a crate of a stranger.

#![forbid(unsafe_code)]
#![deny(warnings)]

use stranger_lib as _;

use axum::{Json, Router, routing::post};
use slo_sdk::{Journey, Objectives, millis, slo};
use slo_tower::SloLayer;

const CHECKOUT: Journey = Journey::new("checkout")
    .objectives(Objectives::new().availability(99.9).latency(99.0, millis(500)));

#[slo(journey = CHECKOUT)]
async fn place_order(Json(items): Json<Vec<String>>) -> String {
    format!("{} items ordered", items.len())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _slo = slo_sdk::init();
    let app = Router::new().route("/orders", post(place_order)).layer(SloLayer::new());
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app).await?;
    Ok(())
}
