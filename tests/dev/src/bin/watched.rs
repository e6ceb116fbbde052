//! A service that answers as it is asked to: `GET /answers/200` is good, `GET /answers/500` bad,
//! `GET /slow/300` takes so many milliseconds, `GET /panic` panics, `GET /stale` is good and marked as bad,
//! `GET /hang` never answers, and `GET /plain` and `GET /plain/500` are not annotated. `GET /snapshot` is
//! what the SDK counted, as JSON, and `GET /name` what `OTEL_SERVICE_NAME` says.
//!
//! It says `listening ADDRESS`. It ends on SIGTERM, or with a code after `GET /end/{code}`. With the
//! argument `silent` it exports nothing.

#![expect(clippy::print_stdout, reason = "how its parent hears of it")]

use axum::{Router, extract::Path, http::StatusCode, routing::get};
use dev::CHECKOUT;
use slo_sdk::slo;
use std::{
    error::Error,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::sync::Notify;

#[slo(journey = CHECKOUT, route = "GET /answers/{status}")]
async fn answer(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND)
}

#[slo(journey = CHECKOUT, route = "GET /slow/{ms}", latency = 99% < 50ms)]
async fn slow(Path(ms): Path<u64>) -> StatusCode {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    StatusCode::OK
}

#[slo(journey = CHECKOUT, route = "GET /panic")]
async fn panics() -> StatusCode {
    panic!("as it was asked to")
}

#[slo(journey = CHECKOUT, route = "GET /stale")]
async fn stale() -> StatusCode {
    slo_sdk::current().bad("stale");
    StatusCode::OK
}

#[slo(journey = CHECKOUT, route = "GET /hang", latency = 99% < 5s)]
async fn hang() -> StatusCode {
    std::future::pending().await
}

#[slo(journey = CHECKOUT, route = "GET /never")]
async fn never() -> StatusCode {
    StatusCode::OK
}

async fn plain(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND)
}

async fn name() -> String {
    std::env::var("OTEL_SERVICE_NAME").unwrap_or_default()
}

async fn snapshot() -> String {
    serde_json::to_string(&slo_sdk::snapshot()).unwrap_or_default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let is_silent = std::env::args().nth(1).as_deref() == Some("silent");
    let slo = (!is_silent).then(slo_sdk::init);
    let end = Arc::new(Notify::new());
    let code = Arc::new(AtomicU8::new(0));
    let ends = (Arc::clone(&end), Arc::clone(&code));
    let app = Router::new()
        .route("/answers/{status}", get(answer))
        .route("/slow/{ms}", get(slow))
        .route("/panic", get(panics))
        .route("/stale", get(stale))
        .route("/hang", get(hang))
        .route("/never", get(never))
        .route("/plain", get(async || "plain"))
        .route("/plain/{status}", get(plain))
        .layer(slo_tower::SloLayer::new())
        .route(
            "/end/{code}",
            get(async move |Path(asked): Path<u8>| {
                ends.1.store(asked, Relaxed);
                ends.0.notify_one();
            }),
        )
        .route("/snapshot", get(snapshot))
        .route("/name", get(name));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    // Whoever hears where it listens may end it at once.
    let terminated = terminated()?;
    println!("listening {}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            tokio::select! {
                () = terminated => {}
                () = end.notified() => {}
            }
        })
        .await?;
    drop(slo);
    Ok(code.load(Relaxed).into())
}

fn terminated() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            terminate.recv().await;
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
