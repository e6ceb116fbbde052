//! A histogram of one process.

use super::counter::{Counter, Taken, Temporality};

/// The buckets of one series, each a counter.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    counters: Vec<Counter>,
    /// In seconds.
    sum: f64,
}

/// Most buckets of a histogram.
pub(super) const MAX_BUCKETS: usize = 200;

impl Buckets {
    /// Returns what an export adds to each bucket, and to the sum in seconds.
    pub(super) fn grow(
        &mut self,
        counts: &[u64],
        sum: f64,
        taken: Taken,
        temporality: Temporality,
    ) -> (Vec<u64>, f64) {
        self.counters.resize(counts.len(), Counter::default());
        let mut is_reset = temporality == Temporality::Delta;
        let mut grown = Vec::with_capacity(counts.len());
        for (counter, count) in self.counters.iter_mut().zip(counts) {
            let growth = counter.grow(*count, taken, temporality);
            is_reset |= growth.is_reset;
            grown.push(growth.events);
        }
        if grown.iter().all(|count| *count == 0) {
            return (grown, 0.0);
        }
        let more = if is_reset { sum } else { sum - self.sum };
        self.sum = sum;
        (grown, more.max(0.0))
    }
}
