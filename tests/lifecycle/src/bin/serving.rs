//! A server as it should end: on SIGTERM it answers what it has begun, `main` returns, and the
//! guard exports the last counts.

#![expect(clippy::print_stdout, reason = "how the test hears of it")]

use axum::{Router, routing::get};
use std::{error::Error, time::Duration};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::builder()
        .shutdown_timeout(Duration::from_secs(2))
        .try_init()?;
    let app = Router::new()
        .route("/work", get(lifecycle::work))
        .layer(slo_tower::SloLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let stop = stop()?;
    println!("listening {}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await?;
    println!("counted {}", lifecycle::counted("work"));
    Ok(())
}

#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        terminate.recv().await;
    })
}

#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
