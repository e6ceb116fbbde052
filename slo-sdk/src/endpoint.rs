//! One annotated endpoint at run time.

use crate::cells::{Cells, Tally};
use slo_model::{Declaration, Ending, MAX_LATENCY_SLIS, Per, Slis};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What an annotation declares, with the counters of its events: a `static` that the macro
/// puts into the function's body.
///
/// On a cache line pair of its own, so that endpoints don't slow each other down.
#[derive(Debug)]
#[repr(align(128))]
pub struct Endpoint {
    declaration: &'static Declaration,
    slis: Slis,
    /// Thresholds of the latency SLIs in nanoseconds, ascending, filled up with the maximum.
    thresholds: [u64; MAX_LATENCY_SLIS],
    cells: Cells,
    registered: AtomicBool,
    learnt: AtomicUsize,
    /// When a job last succeeded, in seconds of Unix time; 0 before that.
    last_success: AtomicU64,
}

impl Endpoint {
    /// An endpoint with all counters at 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a threshold is at most a day, which fits into 64 bits of nanoseconds"
    )]
    pub const fn new(declaration: &'static Declaration) -> Endpoint {
        let slis = Slis::of(declaration);
        let mut thresholds = [u64::MAX; MAX_LATENCY_SLIS];
        let mut i = 0;
        while i < MAX_LATENCY_SLIS {
            if let Some(sli) = slis.latency_at(i) {
                thresholds[i] = sli.threshold.as_nanos() as u64;
            }
            i += 1;
        }
        Endpoint {
            declaration,
            slis,
            thresholds,
            cells: Cells::new(),
            registered: AtomicBool::new(false),
            learnt: AtomicUsize::new(0),
            last_success: AtomicU64::new(0),
        }
    }

    /// What the annotation says.
    pub fn declaration(&self) -> &'static Declaration {
        self.declaration
    }

    /// What the endpoint is measured by.
    pub fn slis(&self) -> &Slis {
        &self.slis
    }

    /// True for a job, which is an event of its own wherever it runs.
    pub fn is_job(&self) -> bool {
        self.declaration.every.is_some()
    }

    /// True for what is an event of its own wherever it runs: jobs, and `per = call`.
    #[inline]
    pub(crate) fn is_own_event(&self) -> bool {
        self.is_job() || self.declaration.per == Per::Call
    }

    /// For layers: remembers the identity of the last route it was reached by, and is true
    /// where that is another than before, so that a layer looks at its table of learnt routes
    /// only when there may be something to learn.
    #[inline]
    pub fn is_other_route(&self, identity: usize) -> bool {
        self.learnt.load(Relaxed) != identity && {
            self.learnt.store(identity, Relaxed);
            true
        }
    }

    #[inline]
    pub(crate) fn start(&'static self) {
        if !self.registered.load(Relaxed) {
            self.register();
        }
        self.cells.start();
    }

    /// An event that started here turned out to be another's.
    pub(crate) fn lose(&self) {
        self.cells.lose();
    }

    #[cold]
    fn register(&'static self) {
        if !self.registered.swap(true, Relaxed) {
            crate::registry::add(self);
        }
    }

    /// The number of latency thresholds an event of this duration passed.
    #[inline]
    pub(crate) fn level(&self, nanoseconds: u64) -> usize {
        self.thresholds
            .iter()
            .take_while(|&&threshold| nanoseconds > threshold)
            .count()
    }

    #[inline]
    pub(crate) fn end(&self, ending: Ending, level: usize) {
        self.cells.end(ending, level);
        if self.is_job() && matches!(ending, Ending::Completed | Ending::MarkedGood) {
            self.succeeded();
        }
    }

    #[cold]
    fn succeeded(&self) {
        let now = UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
        // A clock that was set back does not make the latest success an earlier one.
        self.last_success.fetch_max(now, Relaxed);
    }

    /// When a job last succeeded.
    pub(crate) fn last_success(&self) -> Option<SystemTime> {
        match self.last_success.load(Relaxed) {
            0 => None,
            seconds => Some(UNIX_EPOCH + Duration::from_secs(seconds)),
        }
    }

    pub(crate) fn read(&self) -> Tally {
        self.cells.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Journey, Objectives, millis};

    #[test]
    fn the_threshold_itself_is_in_time() {
        static DECLARATION: Declaration = Declaration::new(
            "e",
            Journey::new("j").objectives(
                Objectives::new().latency(99.0, millis(500)).latency_named(
                    "typical",
                    50.0,
                    millis(100),
                ),
            ),
        );
        static ENDPOINT: Endpoint = Endpoint::new(&DECLARATION);
        let level = |ns| ENDPOINT.level(ns);
        assert_eq!(level(0), 0);
        assert_eq!(level(100_000_000), 0);
        assert_eq!(level(100_000_001), 1);
        assert_eq!(level(500_000_000), 1);
        assert_eq!(level(u64::MAX - 1), 2);
    }

    #[test]
    fn an_endpoint_stays_within_its_bound_of_memory() {
        assert!(size_of::<Endpoint>() <= 2048, "{}", size_of::<Endpoint>());
    }
}
