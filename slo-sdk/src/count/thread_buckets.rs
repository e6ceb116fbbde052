//! What one thread has measured: a row of buckets for each endpoint that it served.
//!
//! A row is made when the first event is measured. A thread that serves three of a hundred
//! endpoints has three, and one that measures nothing has none.

use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// How long the events of one endpoint took. Only one thread writes to it, so a load and a
/// store do.
#[derive(Debug)]
pub(crate) struct ThreadBuckets {
    nanoseconds: AtomicU64,
    buckets: Box<[AtomicU64]>,
}

impl ThreadBuckets {
    #[cold]
    pub(crate) fn new(buckets: usize) -> ThreadBuckets {
        ThreadBuckets {
            nanoseconds: AtomicU64::new(0),
            buckets: (0..buckets).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Only for the thread that owns the row. `None` if there is no such bucket.
    #[inline]
    pub(crate) fn measured(&self, bucket: usize, nanoseconds: u64) {
        let Some(cell) = self.buckets.get(bucket) else {
            return;
        };
        let sum = self.nanoseconds.load(Relaxed);
        self.nanoseconds
            .store(sum.wrapping_add(nanoseconds), Relaxed);
        let events = cell.load(Relaxed);
        // Whoever sees the event sees what it took.
        cell.store(events + 1, Release);
    }

    /// As [`measured`](ThreadBuckets::measured), for any number of threads.
    pub(crate) fn add(&self, bucket: usize, nanoseconds: u64) {
        let Some(cell) = self.buckets.get(bucket) else {
            return;
        };
        self.nanoseconds.fetch_add(nanoseconds, Relaxed);
        // Whoever sees the event sees what it took.
        cell.fetch_add(1, Release);
    }

    /// Adds the events to those of other threads, and gives back what they took.
    pub(crate) fn add_to(&self, buckets: &mut [u64]) -> u64 {
        for (sum, cell) in buckets.iter_mut().zip(&self.buckets) {
            *sum += cell.load(Acquire);
        }
        self.nanoseconds.load(Relaxed)
    }
}
