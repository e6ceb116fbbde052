//! What one thread has measured: a row of buckets for each endpoint that it served.
//!
//! Rows are made when the first event is measured. A thread that serves three of a hundred
//! endpoints has three, and one that measures nothing has none.

use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::OnceLock;

/// The rows of one thread, by the endpoint's place in the registry.
#[derive(Debug)]
pub(crate) struct Rows(OnceLock<Box<[OnceLock<Row>]>>);

/// How long the events of one endpoint took. Only one thread writes to it, so a load and a
/// store do.
#[derive(Debug)]
pub(crate) struct Row {
    nanoseconds: AtomicU64,
    buckets: Box<[AtomicU64]>,
}

impl Rows {
    pub(crate) const fn new() -> Rows {
        Rows(OnceLock::new())
    }

    /// The row at this place of so many; one of so many buckets if it is a new one.
    #[inline]
    pub(crate) fn row(&self, place: usize, of: usize, buckets: usize) -> Option<&Row> {
        let rows = self
            .0
            .get_or_init(|| (0..of).map(|_| OnceLock::new()).collect());
        Some(rows.get(place)?.get_or_init(|| Row::new(buckets)))
    }

    /// The row at this place, if there is one.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<&Row> {
        self.0.get()?.get(place)?.get()
    }
}

impl Row {
    #[cold]
    fn new(buckets: usize) -> Row {
        Row {
            nanoseconds: AtomicU64::new(0),
            buckets: (0..buckets).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Only for the thread that owns the row. Nothing where there is no such bucket.
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

    /// Adds the events to those of other threads, and gives back what they took.
    pub(crate) fn add_to(&self, buckets: &mut [u64]) -> u64 {
        for (sum, cell) in buckets.iter_mut().zip(&self.buckets) {
            *sum += cell.load(Acquire);
        }
        self.nanoseconds.load(Relaxed)
    }
}
