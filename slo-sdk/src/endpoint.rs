//! One annotated endpoint at run time.

use crate::{
    consumer::{ByConsumer, Consumer},
    count::{
        cells::{Cells, Tally},
        durations::{self, Durations},
        thread_shard,
    },
    event_log::{self, Limiter},
    registry,
};
use slo_model::{Declaration, Ending, MAX_LATENCY_SLIS, Per, Slis, Until};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What an annotation declares, with the counters of its events: a `static` that the macro
/// puts into the function's body.
///
/// On a cache line pair of its own, so that endpoints don't slow each other down.
///
/// What the end of a usual event reads comes first, on one cache line.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Endpoint {
    /// Its place in the registry and in every shard, or [`UNREGISTERED`].
    place: AtomicUsize,
    /// Thresholds of the latency SLIs in nanoseconds, ascending, filled up with the maximum.
    thresholds: [u64; MAX_LATENCY_SLIS],
    declaration: &'static Declaration,
    /// True where there is nothing to say of single events but the thresholds.
    is_plain: AtomicBool,
    learnt: AtomicUsize,
    slis: Slis,
    cells: Cells,
    by_consumer: ByConsumer,
    limiter: Limiter,
    /// When a job last succeeded, in seconds of Unix time; 0 before that.
    last_success: AtomicU64,
    /// True once a warning has said that its events are not measured.
    is_warned_of: AtomicBool,
}

/// No place: nobody has called the endpoint yet.
const UNREGISTERED: usize = usize::MAX;

impl Endpoint {
    /// An endpoint with all counters at 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a threshold is at most a day, which fits into 64 bits of nanoseconds"
    )]
    pub const fn new(declaration: &'static Declaration) -> Endpoint {
        let slis = Slis::from_declaration(declaration);
        let mut thresholds = [u64::MAX; MAX_LATENCY_SLIS];
        let mut i = 0;
        while i < MAX_LATENCY_SLIS {
            if let Some(sli) = slis.latency_at(i) {
                thresholds[i] = sli.threshold.as_nanos() as u64;
            }
            i += 1;
        }
        Endpoint {
            place: AtomicUsize::new(UNREGISTERED),
            thresholds,
            declaration,
            is_plain: AtomicBool::new(
                declaration.every.is_none()
                    && declaration.statuses.is_empty()
                    && matches!(declaration.until, Until::Body)
                    && matches!(declaration.per, Per::Request),
            ),
            learnt: AtomicUsize::new(0),
            slis,
            cells: Cells::new(),
            by_consumer: ByConsumer::new(),
            limiter: Limiter::new(),
            last_success: AtomicU64::new(0),
            is_warned_of: AtomicBool::new(false),
        }
    }

    /// Returns what the annotation says.
    pub fn declaration(&self) -> &'static Declaration {
        self.declaration
    }

    /// Returns what the endpoint is measured by.
    pub fn slis(&self) -> &Slis {
        &self.slis
    }

    /// Returns `true` for a job, which is a separate event wherever it runs.
    pub fn is_job(&self) -> bool {
        self.declaration.every.is_some()
    }

    /// True for what is a separate event wherever it runs: jobs, and `per = call`.
    #[inline]
    pub(crate) fn is_own_event(&self) -> bool {
        !self.is_plain() && (self.is_job() || self.declaration.per == Per::Call)
    }

    /// True where an event is measured up to the head of its answer.
    #[inline]
    pub(crate) fn ends_with_headers(&self) -> bool {
        !self.is_plain() && self.declaration.until == Until::Headers
    }

    /// True where the annotation has nothing to say of single events but thresholds, and nobody
    /// looks at each of them.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain.load(Relaxed)
    }

    /// From now on each event is looked at when it ends, also if all is well.
    pub(crate) fn look_at_each_event(&self) {
        self.is_plain.store(false, Relaxed);
    }

    /// How many log records it may have.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// What the annotation itself says of a status.
    #[inline]
    pub(crate) fn opinion_of(&self, code: u16) -> Option<Ending> {
        if self.is_plain() {
            return None;
        }
        self.declaration.statuses.ending(code)
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

    /// For layers: true until [`Endpoint::is_other_route`] was told a route.
    #[inline]
    pub fn has_no_route_yet(&self) -> bool {
        self.learnt.load(Relaxed) == 0
    }

    /// Returns `true` once the endpoint has had an event, in this process.
    pub fn has_started(&self) -> bool {
        self.place.load(Relaxed) != UNREGISTERED
    }

    #[inline]
    pub(crate) fn start(&'static self) {
        let place = self.place.load(Relaxed);
        match thread_shard::shard().and_then(|shard| shard.slot(place)) {
            Some(slot) => slot.start(),
            None => self.start_without_slot(),
        }
    }

    #[cold]
    fn start_without_slot(&'static self) {
        let place = self.place.load(Relaxed);
        if place == UNREGISTERED {
            self.place.store(registry::place(self), Relaxed);
            if event_log::looks_at_each_event() {
                self.look_at_each_event();
            }
            self.start();
        } else if !thread_shard::common().is_some_and(|common| common.start(place)) {
            self.cells.start();
        }
    }

    /// An event that started here turned out to be another's.
    pub(crate) fn lose(&self) {
        self.cells.lose();
    }

    /// The number of latency thresholds an event of this duration passed.
    #[inline]
    pub(crate) fn level(&self, nanoseconds: u64) -> usize {
        self.thresholds
            .iter()
            .take_while(|&&threshold| nanoseconds > threshold)
            .count()
    }

    /// An event ended so, having passed so many latency thresholds after so many nanoseconds.
    pub(crate) fn end(&self, ending: Ending, level: usize, nanoseconds: u64) {
        self.end_plain(ending, level, nanoseconds);
        if self.is_job() && matches!(ending, Ending::Completed | Ending::MarkedGood) {
            self.succeeded();
        }
    }

    /// The same where it was not job's. A call of it would save registers in every event.
    #[inline(always)]
    pub(crate) fn end_plain(&self, ending: Ending, level: usize, nanoseconds: u64) {
        let place = self.place.load(Relaxed);
        let slot = thread_shard::shard().and_then(|shard| shard.slot(place));
        // First, so that whoever sees the end sees what it took.
        if let Some(boundaries) = durations::boundaries_in_use()
            && matches!(ending, Ending::Completed | Ending::MarkedGood)
        {
            boundaries.measured(slot, place, nanoseconds);
        }
        if !slot.is_some_and(|slot| slot.end(ending, level)) {
            self.end_without_slot(place, ending, level);
        }
    }

    #[cold]
    #[inline(never)]
    fn end_without_slot(&self, place: usize, ending: Ending, level: usize) {
        if !thread_shard::common().is_some_and(|common| common.end(place, ending, level)) {
            self.cells.end(ending, level);
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

    /// True for the first who asks: what is warned of once per endpoint.
    #[cold]
    pub(crate) fn is_first_warning(&self) -> bool {
        !self.is_warned_of.swap(true, Relaxed)
    }

    pub(crate) fn read(&self) -> Tally {
        self.cells
            .read(&thread_shard::all(), self.place.load(Relaxed))
    }

    /// The same event, once more for who called.
    #[cold]
    pub(crate) fn end_for(&self, consumer: Consumer, ending: Ending, level: usize) {
        self.by_consumer.end(consumer, ending, level);
    }

    /// What each consumer has met with.
    pub(crate) fn read_by_consumer(&self) -> impl Iterator<Item = (&'static str, Tally)> {
        self.by_consumer.read()
    }

    /// How long its events took, where that is measured.
    pub(crate) fn durations(&self) -> Option<Durations> {
        Durations::read(self.place.load(Relaxed))
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
        assert!(size_of::<Endpoint>() <= 512, "{}", size_of::<Endpoint>());
    }
}
