//! Work that a handler spawns, on other tasks and threads.

use crate::{
    exchange::{read, results},
    shop::SHOP,
};
use axum::{Router, routing::get};
use slo_sdk::{EventResult as R, InCurrentSlo, current, slo};
use slo_tower::SloLayer;
use std::sync::Arc;
use tokio::sync::{Barrier, Notify};

async fn serve(router: Router) -> u16 {
    let app = router.layer(SloLayer::new());
    read(app, "/").await.status().as_u16()
}

#[slo(journey = SHOP)]
async fn spawned_work(said: Option<&'static str>) {
    tokio::task::yield_now().await;
    if let Some(why) = said {
        assert!(current().bad(why), "it runs within its event");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_claims_the_event_of_its_handler() {
    let slo = slo_sdk::testing::recorder();
    let handler = || async {
        let work = tokio::spawn(spawned_work(Some("stale")).in_current_slo());
        work.await.expect("no panic");
    };
    assert_eq!(serve(Router::new().route("/", get(handler))).await, 200);
    assert_eq!(results(&slo, "spawned-work").await, [(R::MarkedBad, 1)]);
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 0);
}

#[slo(journey = SHOP)]
async fn spawner(carried: bool) {
    let work = async {
        // A function of the same endpoint, and a mark.
        let told = current().bad("elsewhere");
        part().await;
        told
    };
    let told = if carried {
        tokio::spawn(work.in_current_slo()).await
    } else {
        tokio::spawn(work).await
    };
    assert_eq!(told.expect("no panic"), carried);
}

#[slo(journey = SHOP)]
async fn part() {}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_marks_are_heard_only_where_it_takes_part() {
    for (carried, expected) in [(true, R::MarkedBad), (false, R::Ok)] {
        let slo = slo_sdk::testing::recorder();
        let app = Router::new().route("/", get(move || spawner(carried)));
        assert_eq!(serve(app).await, 200);
        assert_eq!(results(&slo, "spawner").await, [(expected, 1)]);
        // A nested call is a separate event, here as in the handler itself.
        assert_eq!(results(&slo, "part").await, [(R::Ok, 1)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_blocking_thread() {
    #[slo(journey = SHOP)]
    async fn blocking() {
        let event = current().carry();
        let work = tokio::task::spawn_blocking(move || event.enter(|| current().exclude()));
        assert!(work.await.expect("no panic"));
    }
    let slo = slo_sdk::testing::recorder();
    assert_eq!(serve(Router::new().route("/", get(blocking))).await, 200);
    assert_eq!(results(&slo, "blocking").await, [(R::MarkedExcluded, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_event_does_not_wait_for_it() {
    #[slo(journey = SHOP)]
    async fn outlived(go: Arc<Notify>, done: Arc<Notify>) {
        let work = async move {
            go.notified().await;
            assert!(!current().bad("too late"));
            // The same endpoint once more: nobody's event but the one that is over.
            done.notify_one();
        };
        tokio::spawn(work.in_current_slo());
    }
    let slo = slo_sdk::testing::recorder();
    let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (handlers_go, handlers_done) = (go.clone(), done.clone());
    let handler = move || outlived(handlers_go, handlers_done);
    assert_eq!(serve(Router::new().route("/", get(handler))).await, 200);
    assert_eq!(results(&slo, "outlived").await, [(R::Ok, 1)]);
    go.notify_one();
    done.notified().await;
    assert_eq!(results(&slo, "outlived").await, [(R::Ok, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_that_race_for_the_event_one_has_it() {
    #[slo(journey = SHOP)]
    async fn racer_a() {}
    #[slo(journey = SHOP)]
    async fn racer_b() {}
    const ROUNDS: u64 = 500;
    let slo = slo_sdk::testing::recorder();
    for _ in 0..ROUNDS {
        let handler = || async {
            let start = Arc::new(Barrier::new(2));
            let (at_a, at_b) = (start.clone(), start);
            let a = async move {
                at_a.wait().await;
                racer_a().await;
            };
            let b = async move {
                at_b.wait().await;
                racer_b().await;
            };
            let (a, b) = (
                tokio::spawn(a.in_current_slo()),
                tokio::spawn(b.in_current_slo()),
            );
            a.await.expect("no panic");
            b.await.expect("no panic");
        };
        assert_eq!(serve(Router::new().route("/", get(handler))).await, 200);
    }
    // The one that came second is a nested call: a separate event.
    assert_eq!(results(&slo, "racer-a").await, [(R::Ok, ROUNDS)]);
    assert_eq!(results(&slo, "racer-b").await, [(R::Ok, ROUNDS)]);
    assert_eq!(slo.snapshot().unannotated()["_unmatched"], 0);
}

#[tokio::test]
async fn outside_any_event_it_is_as_ever() {
    let slo = slo_sdk::testing::recorder();
    spawned_work(None).in_current_slo().await;
    assert_eq!(results(&slo, "spawned-work").await, [(R::Ok, 1)]);
}
