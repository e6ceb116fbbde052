//! What must have been counted, to the last event.

use slo_sdk::{EndpointCounts, EventResult as R, Outcome, Snapshot, testing::Recorder};
use std::time::{Duration, Instant};

/// What an event counts as: its result, then availability, then latency.
pub(crate) type Seen = (R, Outcome, Outcome);

use Outcome::{Bad, Excluded, Good};
pub(crate) const OK: Seen = (R::Ok, Good, Good);
pub(crate) const OK_LATE: Seen = (R::Ok, Good, Bad);
pub(crate) const CLIENT: Seen = (R::ClientError, Excluded, Excluded);
pub(crate) const SERVER: Seen = (R::ServerError, Bad, Excluded);
pub(crate) const BROKEN: Seen = (R::BodyError, Bad, Excluded);
pub(crate) const PANICKED: Seen = (R::Panicked, Bad, Excluded);
pub(crate) const LEFT: Seen = (R::Cancelled, Excluded, Excluded);
pub(crate) const LEFT_LATE: Seen = (R::TimedOut, Excluded, Bad);
pub(crate) const MISSED: Seen = (R::TimedOut, Bad, Bad);

/// Events of an endpoint that all count the same.
pub(crate) type Line = (&'static str, Seen, u64);

/// Not an endpoint: events that no annotation covers.
pub(crate) const UNANNOTATED: &str = "(unannotated)";

const BOUND: Duration = Duration::from_secs(20);

/// Waits until that many events have ended, and compares every count of the process: what is
/// not in the list must not have happened.
pub(crate) async fn check(slo: &Recorder, lines: &[Line], what: &str) {
    let expected = lines.iter().map(|(.., events)| events).sum::<u64>();
    let start = Instant::now();
    while total(&slo.snapshot()) < expected && start.elapsed() < BOUND {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // What is too much would come now.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    let is = slo.settle(BOUND).await;
    let wrong: Vec<String> = is
        .endpoints()
        .iter()
        .filter_map(|endpoint| difference(endpoint, lines))
        .collect();
    assert!(wrong.is_empty(), "{what}: {}", wrong.join("; "));
    let unannotated = is.unannotated().values().sum::<u64>();
    let of = lines.iter().filter(|(name, ..)| *name == UNANNOTATED);
    let should = of.map(|(.., events)| events).sum::<u64>();
    assert_eq!(unannotated, should, "{what}: unannotated");
}

/// Waits until an endpoint has so many events in flight.
pub(crate) async fn in_flight(slo: &Recorder, endpoint: &str, events: u64) {
    let start = Instant::now();
    while slo.endpoint(endpoint).in_flight() != events {
        let is = slo.endpoint(endpoint).in_flight();
        assert!(
            start.elapsed() < BOUND,
            "{is} instead of {events} in flight"
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn total(snapshot: &Snapshot) -> u64 {
    let ended = snapshot.endpoints().iter().map(EndpointCounts::ended);
    ended.sum::<u64>() + snapshot.unannotated().values().sum::<u64>()
}

fn difference(endpoint: &EndpointCounts, lines: &[Line]) -> Option<String> {
    let lines = || lines.iter().filter(|(name, ..)| *name == endpoint.name());
    let of = |wanted: &dyn Fn(&Seen) -> bool| {
        let some = lines().filter(|(_, seen, _)| wanted(seen));
        some.map(|(.., events)| events).sum::<u64>()
    };
    let counts = |sli| {
        let counts = endpoint.sli(sli).expect("the journey has it").counts;
        [counts.good, counts.bad]
    };
    let results = |of: &dyn Fn(R) -> u64| {
        let all = R::ALL.iter().copied().map(|result| (result, of(result)));
        all.filter(|(_, events)| *events > 0).collect::<Vec<_>>()
    };
    let is = (
        endpoint.started(),
        results(&|result| endpoint.result(result)),
        counts("availability"),
        counts("latency"),
    );
    let should = (
        of(&|_| true),
        results(&|result| of(&|seen| seen.0 == result)),
        [Good, Bad].map(|outcome| of(&|seen| seen.1 == outcome)),
        [Good, Bad].map(|outcome| of(&|seen| seen.2 == outcome)),
    );
    (is != should).then(|| format!("{}: {is:?} instead of {should:?}", endpoint.name()))
}
