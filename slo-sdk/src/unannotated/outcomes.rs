//! What events came to that no annotation covers.

use slo_model::Outcome;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What such events came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Answered as whoever asked could expect.
    pub good: u64,
    /// Failed.
    pub bad: u64,
    /// Neither: a fault of the client, or a client that left.
    pub excluded: u64,
}

impl Outcomes {
    /// Returns all of them.
    pub const fn total(&self) -> u64 {
        self.good + self.bad + self.excluded
    }

    /// What was counted since.
    pub(crate) fn since(self, earlier: Outcomes) -> Outcomes {
        Outcomes {
            good: self.good.saturating_sub(earlier.good),
            bad: self.bad.saturating_sub(earlier.bad),
            excluded: self.excluded.saturating_sub(earlier.excluded),
        }
    }

    pub(super) fn add(&mut self, other: Outcomes) {
        self.good += other.good;
        self.bad += other.bad;
        self.excluded += other.excluded;
    }
}

/// The same while it is counted.
#[derive(Debug)]
pub(super) struct Counts {
    good: AtomicU64,
    bad: AtomicU64,
    excluded: AtomicU64,
}

impl Counts {
    pub(super) const fn new() -> Counts {
        Counts {
            good: AtomicU64::new(0),
            bad: AtomicU64::new(0),
            excluded: AtomicU64::new(0),
        }
    }

    /// Counts one; true for the first of its outcome.
    pub(super) fn count(&self, outcome: Outcome) -> bool {
        let count = match outcome {
            Outcome::Good => &self.good,
            Outcome::Bad => &self.bad,
            Outcome::Excluded => &self.excluded,
        };
        count.fetch_add(1, Relaxed) == 0
    }

    pub(super) fn read(&self) -> Outcomes {
        Outcomes {
            good: self.good.load(Relaxed),
            bad: self.bad.load(Relaxed),
            excluded: self.excluded.load(Relaxed),
        }
    }
}
