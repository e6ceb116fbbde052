//! Events started and ended by hand: a consumer of a bounded queue.

use crate::jobs::results;
use slo_sdk::{Endpoint, EventResult, Journey, Objectives, endpoint, millis, testing};
use std::panic::{AssertUnwindSafe, catch_unwind};

const QUEUE: Journey = Journey::new("queue").objectives(
    Objectives::new()
        .availability(99.0)
        .latency(99.0, millis(3_600_000)),
);

static CONSUME: &Endpoint = endpoint!(name = "consume", journey = QUEUE);
static SWEEP: &Endpoint = endpoint!(name = "sweep", journey = QUEUE, every = 1h);

#[tokio::test]
async fn a_consumer_counts_each_message_once() {
    let slo = testing::recorder();
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(4);
    let producer = tokio::spawn(async move {
        for n in 0..100 {
            sender.send(n).await.unwrap();
        }
    });
    while let Some(n) = receiver.recv().await {
        let mut event = CONSUME.event();
        match n % 5 {
            0 => event.bad("poisoned"),
            1 => event.exclude(),
            2 => {
                event.enter(|| assert!(slo_sdk::current().bad("stale")));
                event.good();
            }
            _ => event.good(),
        }
    }
    producer.await.unwrap();
    assert_eq!(
        results(&slo, "consume"),
        [
            (EventResult::Ok, 40),
            (EventResult::ServerError, 20),
            (EventResult::MarkedBad, 20),
            (EventResult::MarkedExcluded, 20),
        ]
    );
    assert_eq!(slo.endpoint("consume").in_flight(), 0);
}

#[test]
fn dropping_an_event_tells_a_panic_from_giving_up() {
    let slo = testing::recorder();
    drop(CONSUME.event());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _event = CONSUME.event();
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    let expected = [(EventResult::Panicked, 1), (EventResult::Cancelled, 1)];
    assert_eq!(results(&slo, "consume"), expected);
    drop(SWEEP.event());
    assert_eq!(results(&slo, "sweep"), [(EventResult::TimedOut, 1)]);
}

#[test]
fn an_event_in_flight_is_seen() {
    let slo = testing::recorder();
    let event = CONSUME.event();
    assert_eq!(slo.endpoint("consume").in_flight(), 1);
    event.good();
    assert_eq!(slo.endpoint("consume").in_flight(), 0);
}
