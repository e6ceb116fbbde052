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
use slo_tower::{Slo, SloLayer};
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
static COMPLETE: LazyLock<Routes> = LazyLock::new(|| Routes::new([ROUTE]));

const ROUTE: &str = "/users/{id}";

/// The variable that has durations measured, for `slo.duration`. That is on in a whole process
/// or not at all.
pub const DURATIONS: &str = "SLO_BENCH_DURATIONS";

/// True where the process measures durations.
pub fn measures_durations() -> bool {
    env::var_os(DURATIONS).is_some()
}

/// All of them.
///
/// # Panics
/// If durations are to be measured and can't be.
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
    vec![
        requests("none", "no layer", &runtime, bare()),
        requests(
            "identity",
            "a layer that does nothing, in `Router::layer`",
            &runtime,
            finished(unlayered().layer(IdentityLayer)),
        ),
        requests(
            "floor",
            "by hand, in `Router::layer`",
            &runtime,
            finished(unlayered().layer(FloorLayer(&INSIDE))),
        ),
        requests(
            "complete",
            "by hand with the same counts, in `Router::layer`",
            &runtime,
            layered_by_hand(),
        ),
        requests(
            "inside",
            "`SloLayer`, in `Router::layer`",
            &runtime,
            layered_inside(),
        ),
        requests(
            "floor-around",
            "by hand, around the `Router`",
            &runtime,
            FloorLayer(&AROUND).layer(bare()),
        ),
        requests(
            "around",
            "`SloLayer`, around the `Router`",
            &runtime,
            layered_around(),
        ),
    ]
}

/// The route without a layer.
pub fn bare() -> Router {
    finished(unlayered())
}

/// The route with the layer by hand that counts what ours does, in `Router::layer`.
pub fn layered_by_hand() -> Router {
    finished(unlayered().layer(CompleteLayer(&COMPLETE)))
}

/// The annotated route with ours, in `Router::layer`.
pub fn layered_inside() -> Router {
    finished(
        Router::new()
            .route(ROUTE, get(inside))
            .layer(SloLayer::new()),
    )
}

/// The annotated route with ours around the `Router`.
pub fn layered_around() -> Slo<Router> {
    SloLayer::new().layer(finished(Router::new().route(ROUTE, get(around))))
}

fn unlayered() -> Router {
    Router::new().route(ROUTE, get(plain))
}

/// As a server finishes a router once, not again for each request.
pub(crate) fn finished(router: Router) -> Router {
    router.with_state(())
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
