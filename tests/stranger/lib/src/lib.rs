//! Endpoints in a library, some of which nothing ever calls, with consts from everywhere.

#![forbid(unsafe_code)]
#![deny(warnings)]

pub mod tiers {
    use slo_sdk::{Objectives, millis};

    pub const GOLD: Objectives = Objectives::new().availability(99.95).latency(99.0, millis(500));
}

pub mod journeys {
    use slo_sdk::{Journey, Window};

    pub const SEARCH: Journey = Journey::new("search")
        .title("Find \"things\" \\ détails")
        .owner("team-search")
        .objectives(super::tiers::GOLD.window(Window::days(28)));
}

use slo_sdk::{millis, slo};

/// Called by nobody.
#[slo(journey = journeys::SEARCH, objectives = tiers::GOLD.latency(99.0, millis(120)))]
pub async fn suggest(prefix: &str) -> Vec<String> {
    vec![prefix.to_owned()]
}

/// Not even reachable from outside.
#[allow(dead_code)]
#[slo(journey = journeys::SEARCH, availability = 99.999%, latency("typical", 50% < 1.5ms))]
fn rank<T: Ord>(mut results: Vec<T>) -> Vec<T> {
    results.sort();
    results
}

/// A job.
#[slo(journey = journeys::SEARCH, name = "reindex", every = 6h, availability = 90%)]
pub async fn rebuild_index() -> Result<(), std::io::Error> {
    Ok(())
}
