//! Bad requests, one after the other, in this process: for each line on standard input as many as it
//! says. It answers with a line: the median and the 99th percentile of what one took, in nanoseconds,
//! and the memory of the process in KiB. It ends with its input.

#![expect(clippy::print_stdout, reason = "how its parent hears of it")]

use axum::{Router, body::Body, http::Request, http::StatusCode, routing::get};
use slo_sdk::{Journey, Objectives, slo};
use std::{error::Error, fs, io, time::Instant};
use tower::Service;

const CHECKOUT: Journey = Journey::new("checkout").objectives(Objectives::new().availability(99.0));

#[slo(journey = CHECKOUT, route = "GET /failing")]
async fn failing() -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::init();
    let mut app: Router = Router::new()
        .route("/failing", get(failing))
        .layer(slo_tower::SloLayer::new());
    for line in io::stdin().lines() {
        let count: usize = line?.trim().parse()?;
        let mut took = Vec::with_capacity(count);
        for _ in 0..count {
            let request = Request::get("/failing").body(Body::empty())?;
            let began = Instant::now();
            let answer = app.call(request).await?;
            // The event ends with its body.
            drop(answer);
            took.push(began.elapsed().as_nanos());
        }
        took.sort_unstable();
        println!(
            "{} {} {}",
            took[count / 2],
            took[count * 99 / 100],
            resident_kib().unwrap_or_default()
        );
    }
    Ok(())
}

fn resident_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
