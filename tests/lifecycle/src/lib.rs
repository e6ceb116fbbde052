//! What the processes of these tests promise.

use slo_sdk::{EventResult, Journey, Objectives, slo};
use std::time::Duration;

/// The journey of all of them.
pub const LIFECYCLE: Journey =
    Journey::new("lifecycle").objectives(Objectives::new().availability(99.0));

/// A request that takes a while.
#[slo(journey = LIFECYCLE)]
pub async fn work() -> &'static str {
    tokio::time::sleep(Duration::from_millis(2)).await;
    "done"
}

/// An event without any server.
#[slo(journey = LIFECYCLE)]
pub fn step() {}

/// A run of a job, which fails where the environment says so.
#[slo(journey = LIFECYCLE, every = 5m)]
pub fn settle() -> Result<(), String> {
    match std::env::var_os("FAIL") {
        Some(_) => Err("as it was told".to_owned()),
        None => Ok(()),
    }
}

/// How many events of an endpoint ended well.
pub fn counted(endpoint: &str) -> u64 {
    let snapshot = slo_sdk::snapshot();
    snapshot
        .endpoint(endpoint)
        .map_or(0, |counts| counts.result(EventResult::Ok))
}
