//! The table of requests in flight: what each of them holds on the heap while its handler
//! waits, and what is left when all have ended.

use allocation_counter::{AllocationInfo, measure};
use axum::{Router, body::Body, extract::Path, routing::get};
use http_body_util::BodyExt;
use slo_benches::floor::{Counts, FloorLayer};
use slo_growth::GROWTH;
use slo_sdk::slo;
use slo_tower::SloLayer;
use std::{convert::Infallible, fmt::Debug};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
    task::LocalSet,
};
use tower::{Layer, Service, ServiceExt};

/// What handlers wait for.
static GATE: Semaphore = Semaphore::const_new(0);
static COUNTS: Counts = Counts::new();

async fn wait() -> &'static str {
    if let Ok(permit) = GATE.acquire().await {
        permit.forget();
    }
    "hello, user"
}

async fn plain(Path(_): Path<u32>) -> &'static str {
    wait().await
}

#[slo(journey = GROWTH, name = "inside", route = "GET /users/{id}")]
async fn inside(Path(_): Path<u32>) -> &'static str {
    wait().await
}

#[slo(journey = GROWTH, name = "around")]
async fn around(Path(_): Path<u32>) -> &'static str {
    wait().await
}

/// What so many requests hold.
struct Held {
    /// While they wait.
    waiting: i64,
    /// After they have ended.
    left: i64,
}

#[expect(clippy::print_stdout, reason = "its output")]
fn main() -> Result<(), std::io::Error> {
    let runtime = Builder::new_current_thread().build()?;
    let none = Router::new().route("/users/{id}", get(plain));
    let floor = none.clone().layer(FloorLayer(&COUNTS)).with_state(());
    let ours = Router::new().route("/users/{id}", get(inside));
    let ours = ours.layer(SloLayer::new()).with_state(());
    let none = none.with_state(());
    let floor_around = FloorLayer(&COUNTS).layer(none.clone());
    let ours_around = Router::new()
        .route("/users/{id}", get(around))
        .with_state(());
    let ours_around = SloLayer::new().layer(ours_around);
    println!(
        "| requests in flight | bytes each, no layer | by hand, in `Router::layer`, adds | \
         `SloLayer` there adds | by hand, around the `Router`, adds | `SloLayer` there adds | left \
         of all when they ended, bytes |\n| --- | --- | --- | --- | --- | --- | --- |"
    );
    // What is made once, with the first request, is not part of any.
    for requests in [1, 1, 10, 100, 1000, 10_000] {
        let held = [
            holding(&runtime, &none, requests, None),
            holding(&runtime, &floor, requests, None),
            holding(&runtime, &ours, requests, Some("inside")),
            holding(&runtime, &floor_around, requests, None),
            holding(&runtime, &ours_around, requests, Some("around")),
        ];
        let each = |held: &Held| held.waiting as f64 / requests as f64;
        let added: Vec<String> = held[1..]
            .iter()
            .map(|more| format!("{:.0}", each(more) - each(&held[0])))
            .collect();
        let left: i64 = held.iter().map(|held| held.left).sum();
        println!(
            "| {requests} | {:.0} | {} | {left} |",
            each(&held[0]),
            added.join(" | "),
        );
    }
    Ok(())
}

/// Lets so many requests wait, and then end. An endpoint that counts them must see all.
fn holding<S, B>(runtime: &Runtime, service: &S, requests: usize, endpoint: Option<&str>) -> Held
where
    S: Service<axum::extract::Request, Response = axum::http::Response<B>, Error = Infallible>
        + Clone
        + 'static,
    B: axum::body::HttpBody + 'static,
    B::Error: Debug,
{
    let in_flight = || {
        let snapshot = slo_sdk::snapshot();
        let of = |name| {
            snapshot
                .endpoint(name)
                .map_or(0, slo_sdk::EndpointCounts::in_flight)
        };
        endpoint.map_or(0, of)
    };
    let live = |info: AllocationInfo| info.bytes_current;
    let mut started = None;
    let waiting = live(measure(|| {
        let tasks = LocalSet::new();
        let mut handles = Vec::with_capacity(requests);
        for _ in 0..requests {
            let service = service.clone();
            handles.push(tasks.spawn_local(async move {
                let request = axum::extract::Request::builder().uri("/users/42");
                let request = request.body(Body::empty()).expect("it is well formed");
                let Ok(response) = service.oneshot(request).await;
                response.into_body().collect().await.expect("it is there");
            }));
        }
        tasks.block_on(runtime, turns(requests));
        started = Some((tasks, handles));
    }));
    let expected = if endpoint.is_some() {
        requests as u64
    } else {
        0
    };
    assert_eq!(in_flight(), expected);
    let freed = live(measure(|| {
        let (tasks, handles) = started.take().expect("they were just started");
        GATE.add_permits(requests);
        tasks.block_on(runtime, async {
            for handle in handles {
                handle.await.expect("no handler panics");
            }
        });
    }));
    assert_eq!(in_flight(), 0);
    assert_eq!(GATE.available_permits(), 0);
    Held {
        waiting,
        left: waiting + freed,
    }
}

/// Enough for every task to have its first turn.
async fn turns(tasks: usize) {
    for _ in 0..tasks + 64 {
        tokio::task::yield_now().await;
    }
}
