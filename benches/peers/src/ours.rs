//! `SloLayer` with its options, in `Router::layer`; the plain one and the hand-written ones
//! are cases of `slo-benches`.

use crate::{
    contest::Contest,
    router::{PATH, bare},
};
use axum::{Router, extract::Path, handler::Handler, http::HeaderName, routing::get};
use slo_sdk::{Endpoint, Journey, Objectives, endpoint, millis, slo};
use slo_tower::{Consumers, SloLayer};
use std::{hint::black_box, time::Duration};

const USERS: Journey = Journey::new("users-with-options").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(250)),
);

static CALLED: &Endpoint = endpoint!(name = "called", journey = USERS);

#[slo(journey = USERS, name = "timed")]
async fn timed(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

#[slo(journey = USERS, name = "announced")]
async fn announced(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

#[slo(journey = USERS, name = "told-apart")]
async fn told_apart(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

pub(crate) fn enter(contest: &mut Contest) {
    let to = |contest: &mut Contest, key, name, router| {
        let case = contest.requests(key, name, router);
        contest.enter(case, move || ended(key));
    };
    to(
        contest,
        "timed",
        "`SloLayer::timeout`, in `Router::layer`",
        serving(timed).layer(SloLayer::new().timeout(Duration::from_secs(10))),
    );
    to(
        contest,
        "announced",
        "`SloLayer::announce_result`, in `Router::layer`",
        serving(announced).layer(SloLayer::new().announce_result()),
    );
    // The requests name nobody, so all of them are counted for the others.
    let units = Consumers::by_header(HeaderName::from_static("x-unit"), ["billing", "mobile"]);
    to(
        contest,
        "told-apart",
        "`SloLayer::consumers`, in `Router::layer`",
        serving(told_apart).layer(SloLayer::new().consumers(units)),
    );
    to(
        contest,
        "called",
        "`SloLayer::endpoint`, in `Router::layer`",
        bare().layer(SloLayer::new().endpoint(CALLED)),
    );
}

fn serving<T: 'static>(handler: impl Handler<T, ()>) -> Router {
    Router::new().route(PATH, get(handler))
}

fn ended(endpoint: &str) -> u64 {
    let snapshot = slo_sdk::snapshot();
    snapshot
        .endpoint(endpoint)
        .map_or(0, slo_sdk::EndpointCounts::ended)
}
