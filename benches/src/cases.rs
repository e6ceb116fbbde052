//! An axum route without a layer, with the layer that does nothing, with the one written by
//! hand, and with ours.

use crate::{
    complete::{CompleteLayer, Routes},
    drive::{Case, requests, runtime},
    floor::{Counts, FloorLayer},
    identity::IdentityLayer,
};
use axum::{Router, extract::Path, routing::get};
use slo_sdk::{Journey, Objectives, millis, slo};
use slo_tower::SloLayer;
use std::{env, hint::black_box, sync::LazyLock};
use tower::Layer;

const USERS: Journey = Journey::new("users").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(250)),
);

async fn plain(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

#[slo(journey = USERS, name = "inside", route = "GET /users/{id}")]
async fn inside(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

#[slo(journey = USERS, name = "around")]
async fn around(Path(user): Path<u32>) -> &'static str {
    black_box(user);
    "hello, user"
}

/// The counters of the two hand-written layers.
static INSIDE: Counts = Counts::new();
static AROUND: Counts = Counts::new();

/// Those of the layer that counts what ours does.
static COMPLETE: LazyLock<Routes> = LazyLock::new(|| Routes::of([ROUTE]));

const ROUTE: &str = "/users/{id}";

/// The variable that has durations measured, for `slo.duration`. That is on in a whole process
/// or not at all.
pub const DURATIONS: &str = "SLO_BENCH_DURATIONS";

/// True where the process measures durations.
pub fn measures_durations() -> bool {
    env::var_os(DURATIONS).is_some()
}

/// All of them. Routers are finished as a server does it once, not anew for each request.
///
/// # Panics
/// Where durations are to be measured and can't be.
pub fn all() -> Vec<Case> {
    if measures_durations() {
        let nowhere = opentelemetry::global::meter_provider();
        let started = slo_sdk::builder()
            .meter_provider(&*nowhere)
            .durations(true)
            .try_init();
        // Measuring goes on without the guard.
        drop(started.expect("the cases are made once"));
    }
    let runtime = runtime();
    let bare = || Router::new().route(ROUTE, get(plain));
    let annotated = |name| {
        let handler = if name == "inside" {
            get(inside)
        } else {
            get(around)
        };
        Router::new().route(ROUTE, handler)
    };
    let finished = |router: Router| router.with_state(());
    vec![
        requests("none", "no layer", &runtime, finished(bare())),
        requests(
            "identity",
            "a layer that does nothing, in `Router::layer`",
            &runtime,
            finished(bare().layer(IdentityLayer)),
        ),
        requests(
            "floor",
            "by hand, in `Router::layer`",
            &runtime,
            finished(bare().layer(FloorLayer(&INSIDE))),
        ),
        requests(
            "complete",
            "by hand with the same counts, in `Router::layer`",
            &runtime,
            finished(bare().layer(CompleteLayer(&COMPLETE))),
        ),
        requests(
            "inside",
            "`SloLayer`, in `Router::layer`",
            &runtime,
            finished(annotated("inside").layer(SloLayer::new())),
        ),
        requests(
            "floor-around",
            "by hand, around the `Router`",
            &runtime,
            FloorLayer(&AROUND).layer(finished(bare())),
        ),
        requests(
            "around",
            "`SloLayer`, around the `Router`",
            &runtime,
            SloLayer::new().layer(finished(annotated("around"))),
        ),
    ]
}

/// Events that each of the counting cases has counted so far.
pub fn counted() -> [(&'static str, u64); 5] {
    let snapshot = slo_sdk::snapshot();
    let of = |name| {
        snapshot.endpoint(name).map_or(0, |endpoint| {
            let ended = endpoint.ended();
            let measured = endpoint.durations().map(slo_sdk::Durations::count);
            assert_eq!(measured, measures_durations().then_some(ended), "{name}");
            ended
        })
    };
    [
        ("floor", INSIDE.total()),
        ("complete", COMPLETE.at(Some(ROUTE)).served()),
        ("inside", of("inside")),
        ("floor-around", AROUND.total()),
        ("around", of("around")),
    ]
}
