//! A service that answers as it is asked to: `GET /answers/200` is a good event,
//! `GET /answers/500` a bad one.
//!
//! It says `listening ADDRESS` and ends on SIGTERM.

#![expect(clippy::print_stdout, reason = "how its parent hears of it")]

use axum::{Router, extract::Path, http::StatusCode, routing::get};
use pipeline::PIPELINE;
use slo_sdk::slo;
use std::error::Error;

#[slo(journey = PIPELINE, route = "GET /answers/{status}")]
async fn answer(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::builder()
        .shutdown_timeout(pipeline::SHUTDOWN_TIMEOUT)
        .try_init()?;
    let app = Router::new()
        .route("/answers/{status}", get(answer))
        .layer(slo_tower::SloLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let stop = pipeline::terminated()?;
    println!("listening {}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await?;
    Ok(())
}
