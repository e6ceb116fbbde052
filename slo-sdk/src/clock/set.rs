//! A clock that a test sets.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

thread_local! {
    static SET: RefCell<Option<Clock>> = const { RefCell::new(None) };
}

/// What a thread's clock reads, in nanoseconds, where a test has set it.
pub(crate) fn nanoseconds() -> Option<u64> {
    SET.with_borrow(|set| Some(set.as_ref()?.0.load(Relaxed)))
}

/// A clock that stands still until a test moves it; its clones are the same clock.
///
/// ```
/// use slo_sdk::{Journey, Objectives, millis, slo, testing};
/// use std::time::Duration;
///
/// const PRICING: Journey = Journey::new("pricing").objectives(
///     Objectives::new().latency(99.0, millis(100)),
/// );
///
/// #[slo(journey = PRICING, per = call)]
/// fn quote(clock: &testing::Clock, takes: Duration) {
///     clock.advance(takes);
/// }
///
/// let slo = testing::recorder();
/// let clock = testing::Clock::new();
/// clock.run(|| {
///     quote(&clock, Duration::from_millis(100));
///     quote(&clock, Duration::from_millis(101));
/// });
/// let latency = slo.endpoint("quote").sli("latency").unwrap().counts;
/// assert_eq!((latency.good, latency.bad), (1, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    /// Returns a clock at zero.
    pub fn new() -> Clock {
        Clock::default()
    }

    /// Moves it forwards.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(whole(by), Relaxed);
    }

    /// Moves it back, as far as zero.
    pub fn rewind(&self, by: Duration) {
        let back = |now: u64| Some(now.saturating_sub(whole(by)));
        let _ = self.0.fetch_update(Relaxed, Relaxed, back);
    }

    /// Runs `f` on this thread, where events are measured by this clock meanwhile.
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        /// Also after a panic.
        struct Restored(Option<Clock>);
        impl Drop for Restored {
            fn drop(&mut self) {
                SET.set(self.0.take());
            }
        }
        let _restored = Restored(SET.replace(Some(self.clone())));
        f()
    }
}

fn whole(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
