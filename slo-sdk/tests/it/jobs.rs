//! Outside a layer, an annotated function is a separate event.

use slo_sdk::{
    EventResult, Journey, Objectives,
    layer::{Deadline, Own, Track},
    millis, minutes, slo, testing,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

const SETTLEMENT: Journey = Journey::new("settlement").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(95.0, minutes(1)),
);

#[slo(journey = SETTLEMENT, every = 5m)]
async fn settle(fail: bool) -> Result<u32, String> {
    tokio::task::yield_now().await;
    if fail {
        Err("on purpose".to_owned())
    } else {
        Ok(1)
    }
}

#[slo(journey = SETTLEMENT)]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    assert!(!text.is_empty(), "on purpose");
    text.parse()
}

#[slo(journey = SETTLEMENT)]
fn check(text: &str) -> Result<(), std::num::ParseIntError> {
    text.parse::<u32>().map(drop)
}

#[slo(journey = SETTLEMENT)]
async fn never_ready() {
    std::future::pending::<()>().await;
}

#[slo(journey = SETTLEMENT)]
async fn marks_itself() -> Result<(), ()> {
    assert!(slo_sdk::current().is_active());
    slo_sdk::current().good();
    Err(())
}

#[slo(journey = SETTLEMENT, latency = 99% < 1ms)]
fn dawdles() {
    std::thread::sleep(millis(3));
}

/// The results that are not 0.
pub(crate) fn results(slo: &testing::Recorder, name: &str) -> Vec<(EventResult, u64)> {
    slo.endpoint(name)
        .results()
        .filter(|(_, events)| *events > 0)
        .collect()
}

#[tokio::test]
async fn ok_is_good_and_err_is_bad() {
    let slo = testing::recorder();
    settle(false).await.unwrap();
    settle(false).await.unwrap();
    settle(true).await.unwrap_err();
    assert_eq!(
        results(&slo, "settle"),
        [(EventResult::Ok, 2), (EventResult::ServerError, 1)]
    );
    let age = slo
        .endpoint("settle")
        .last_success()
        .unwrap()
        .elapsed()
        .unwrap();
    assert!(age < Duration::from_secs(60), "{age:?}");
    let journey = slo.snapshot().journey("settlement", "availability");
    assert_eq!((journey.good, journey.bad), (2, 1));
}

#[test]
fn a_panic_is_bad_and_goes_on() {
    let slo = testing::recorder();
    assert_eq!(parse("7"), Ok(7));
    assert!(catch_unwind(|| parse("")).is_err());
    assert_eq!(
        results(&slo, "parse"),
        [(EventResult::Panicked, 1), (EventResult::OutsideLayer, 1)]
    );
}

#[tokio::test]
async fn being_dropped_is_excluded_and_never_being_polled_is_nothing() {
    let slo = testing::recorder();
    drop(never_ready());
    assert_eq!(slo.endpoint("never-ready").started(), 0);
    tokio::time::timeout(millis(5), never_ready())
        .await
        .unwrap_err();
    assert_eq!(results(&slo, "never-ready"), [(EventResult::Cancelled, 1)]);
    let task = tokio::spawn(never_ready());
    tokio::task::yield_now().await;
    assert_eq!(slo.endpoint("never-ready").in_flight(), 1);
    task.abort();
    slo.settle(Duration::from_secs(5)).await;
    assert_eq!(results(&slo, "never-ready"), [(EventResult::Cancelled, 2)]);
}

#[slo(journey = SETTLEMENT, every = 1h)]
async fn hangs() {
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_job_that_is_not_finished_failed() {
    let slo = testing::recorder();
    tokio::time::timeout(millis(5), hangs()).await.unwrap_err();
    assert_eq!(results(&slo, "hangs"), [(EventResult::TimedOut, 1)]);
    let availability = slo.endpoint("hangs").sli("availability").unwrap().counts;
    assert_eq!((availability.good, availability.bad), (0, 1));
}

#[tokio::test]
async fn the_handlers_word_stands() {
    let slo = testing::recorder();
    marks_itself().await.unwrap_err();
    assert_eq!(
        results(&slo, "marks-itself"),
        [(EventResult::MarkedGood, 1)]
    );
    assert!(!slo_sdk::current().is_active() && !slo_sdk::current().bad("no event"));
}

#[test]
fn latency_is_measured() {
    let slo = testing::recorder();
    dawdles();
    let latency = slo.endpoint("dawdles").sli("latency").unwrap().counts;
    assert_eq!((latency.good, latency.bad), (0, 1));
}

#[tokio::test]
async fn a_job_started_by_a_request_is_no_request() {
    let slo = testing::recorder();
    let mut request = Track::start(Own, Deadline::NONE);
    request.enter(|| assert_eq!(parse("1"), Ok(1)));
    let job = request.enter(|| settle(false));
    job.await.unwrap();
    request.end(slo_sdk::Ending::ClientError);
    assert_eq!(results(&slo, "settle"), [(EventResult::Ok, 1)]);
    assert_eq!(results(&slo, "parse"), [(EventResult::ClientError, 1)]);
}

#[test]
fn an_event_handed_over_is_the_outer_one() {
    let slo = testing::recorder();
    let mut outer = Track::start(Own, Deadline::NONE);
    outer.enter(|| {
        // As a buffer between two layers does it: called outside, polled inside.
        let mut inner = std::thread::scope(|scope| {
            let started = scope.spawn(|| {
                let mut inner = Track::start(Own, Deadline::NONE);
                inner.enter(|| assert_eq!(parse("1"), Ok(1)));
                inner
            });
            started.join().unwrap()
        });
        assert!(slo_sdk::layer::is_tracked());
        inner.enter(|| ());
        inner.merge_into_outer();
        assert!(!slo_sdk::layer::is_tracked());
    });
    outer.end(slo_sdk::Ending::Completed);
    assert_eq!(results(&slo, "parse"), [(EventResult::Ok, 1)]);
    assert_eq!(slo.endpoint("parse").in_flight(), 0);
}

#[test]
fn a_panic_in_an_entered_scope_leaves_it() {
    let slo = testing::recorder();
    let mut request = Track::start(Own, Deadline::NONE);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        request.enter(|| {
            assert_eq!(parse("1"), Ok(1));
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err() && !slo_sdk::current().is_active());
    drop(request);
    assert_eq!(results(&slo, "parse"), [(EventResult::Panicked, 1)]);
}

/// Two threads, one endpoint: nothing is lost, and what is read while they count never
/// shows more ends than starts.
#[test]
fn concurrent_events_are_all_counted() {
    const EVENTS: u64 = 20_000;
    let slo = testing::recorder();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                (0..EVENTS).for_each(|i| assert_eq!(check(&i.to_string()), Ok(())));
            });
        }
        for _ in 0..200 {
            let now = slo.endpoint("check");
            assert!(now.started() >= now.ended());
            let slis = now.sli("availability").unwrap().counts;
            assert_eq!(slis.valid(), now.ended());
        }
    });
    assert_eq!(results(&slo, "check"), [(EventResult::Ok, 2 * EVENTS)]);
}
