//! Counts in your own tests.
//!
//! Counters belong to the process and tests run side by side, so a [`Recorder`] holds a lock
//! while it lives and tells only what was counted since it was made.
//!
//! ```
//! use slo_sdk::{Journey, Objectives, slo, testing};
//!
//! const SEARCH: Journey = Journey::new("search").objectives(Objectives::new().availability(99.0));
//!
//! #[slo(journey = SEARCH, per = call)]
//! fn look_up(key: &str) -> Result<u32, std::num::ParseIntError> {
//!     key.parse()
//! }
//!
//! let slo = testing::recorder();
//! look_up("7").unwrap();
//! look_up("seven").unwrap_err();
//! let look_up = slo.endpoint("look-up");
//! let availability = look_up.sli("availability").unwrap().counts;
//! assert_eq!((availability.good, availability.bad), (1, 1));
//! ```

#[cfg(feature = "test-clock")]
pub use crate::clock::set::Clock;
use crate::{EndpointCounts, Snapshot, snapshot, watch};
use std::{
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::{Duration, Instant},
};

static ALONE: Mutex<()> = Mutex::new(());

/// Tells what was counted since it was made; no other recorder lives at the same time.
#[derive(Debug)]
pub struct Recorder {
    before: Snapshot,
    _alone: MutexGuard<'static, ()>,
}

/// Waits until no other recorder lives, then starts to count from here. A second one on the
/// same thread would wait for ever.
pub fn recorder() -> Recorder {
    watch::is_attended();
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    Recorder {
        before: snapshot(),
        _alone: alone,
    }
}

impl Recorder {
    /// Returns what was counted since the recorder was made.
    pub fn snapshot(&self) -> Snapshot {
        snapshot().since(&self.before)
    }

    /// Returns what one endpoint counted since the recorder was made.
    ///
    /// # Panics
    /// If no endpoint has this name; the message lists those there are.
    pub fn endpoint(&self, name: &str) -> EndpointCounts {
        let snapshot = self.snapshot();
        match snapshot.endpoint(name) {
            Some(endpoint) => endpoint.clone(),
            None => {
                let known: Vec<_> = snapshot
                    .endpoints()
                    .iter()
                    .map(EndpointCounts::name)
                    .collect();
                panic!("no endpoint is called `{name}`; there are {known:?}")
            }
        }
    }

    /// Waits until no event is in flight: a server may still hold the body of an answer
    /// that the client has already read. Works in every runtime.
    ///
    /// # Panics
    /// If events are still in flight after `at_most`; the message lists them.
    pub async fn settle(&self, at_most: Duration) -> Snapshot {
        const PAUSE: Duration = Duration::from_micros(200);
        let deadline = Instant::now() + at_most;
        poll_fn(|cx| {
            let now = self.snapshot();
            let in_flight = now.endpoints().iter().map(|e| (e.name(), e.in_flight()));
            let busy: Vec<_> = in_flight
                .chain([("unclaimed", now.unclaimed())])
                .filter(|(_, events)| *events > 0)
                .collect();
            if busy.is_empty() {
                return Poll::Ready(now);
            }
            assert!(
                Instant::now() < deadline,
                "still in flight after {at_most:?}: {busy:?}"
            );
            // No timer, because any runtime may poll this; and a pause, not to drown the
            // tasks that are waited for.
            std::thread::sleep(PAUSE);
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }
}
