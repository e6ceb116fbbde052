//! A process that exports.

use super::{buckets::Buckets, counter::Counter};
use std::collections::{BTreeMap, HashMap};

/// How long a process that exports no more is taken for one that runs, in milliseconds; twenty times as
/// long as what this command asks for.
const SILENCE: u64 = 10_000;

/// One process of a service, as it was last heard of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Process {
    /// In milliseconds since 1970.
    pub(crate) started: Option<u64>,
    /// When its last export came, in milliseconds since 1970.
    pub(crate) seen: u64,
    /// The longest time between two of its exports, in milliseconds.
    pub(crate) interval: u64,
    pub(crate) restarts: u64,
    pub(crate) is_delta: bool,
    /// Events that started and did not end, by endpoint.
    pub(crate) in_flight: BTreeMap<String, u64>,
    pub(super) counters: HashMap<String, Counter>,
    pub(super) buckets: HashMap<String, Buckets>,
}

impl Process {
    /// Notes an export.
    pub(super) fn heard_at(&mut self, at: u64) {
        if self.seen > 0 {
            self.interval = self.interval.max(at.saturating_sub(self.seen));
        }
        self.seen = at;
    }

    /// Whether it seems to have ended: nothing came for long.
    pub(crate) fn is_silent(&self, at: u64) -> bool {
        at.saturating_sub(self.seen) > SILENCE.max(3 * self.interval)
    }

    /// How many series it has.
    pub(super) fn series(&self) -> usize {
        self.counters.len() + self.buckets.len() + self.in_flight.len()
    }
}
