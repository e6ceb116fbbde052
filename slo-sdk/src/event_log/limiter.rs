//! How many records an endpoint may have, and how many it was denied.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Nanoseconds that pay for one record: 10 a second.
const PRICE: u64 = 100_000_000;

/// Records at once, after a pause.
pub(super) const BURST: u64 = 50;

/// A bucket that fills by time, without a lock: it keeps when it will be full again, which each
/// record puts off.
#[derive(Debug)]
pub(crate) struct Limiter {
    full_at: AtomicU64,
    suppressed: AtomicU64,
}

impl Limiter {
    pub(crate) const fn new() -> Limiter {
        Limiter {
            full_at: AtomicU64::new(0),
            suppressed: AtomicU64::new(0),
        }
    }

    /// True where a record would be allowed, at so many nanoseconds of some clock.
    pub(super) fn has_room(&self, now: u64) -> bool {
        paid(self.full_at.load(Relaxed), now, BURST).is_some()
    }

    /// Takes the price of a record out of the bucket, if there is as much.
    pub(super) fn allow(&self, now: u64) -> bool {
        let pay = |full_at| paid(full_at, now, BURST);
        self.full_at.fetch_update(Relaxed, Relaxed, pay).is_ok()
    }

    /// The same for what is not to be at the expense of anything else: half the bucket stays.
    pub(super) fn allow_sample(&self, now: u64) -> bool {
        let pay = |full_at| paid(full_at, now, BURST / 2);
        self.full_at.fetch_update(Relaxed, Relaxed, pay).is_ok()
    }

    /// One more event has no record.
    pub(super) fn suppress(&self) {
        self.suppressed.fetch_add(1, Relaxed);
    }

    /// How many had none since this was asked last.
    pub(super) fn take_suppressed(&self) -> u64 {
        match self.suppressed.load(Relaxed) {
            0 => 0,
            _ => self.suppressed.swap(0, Relaxed),
        }
    }
}

/// When the bucket is full again after one more record; `None` where it is empty.
fn paid(full_at: u64, now: u64, burst: u64) -> Option<u64> {
    let after = full_at.max(now).saturating_add(PRICE);
    (after <= now.saturating_add(burst * PRICE)).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::atomic::AtomicU64, thread};

    #[test]
    fn fifty_at_once_then_ten_a_second() {
        let limiter = Limiter::new();
        let allowed = |now| (0..1_000).filter(|_| limiter.allow(now)).count();
        assert_eq!(allowed(7), 50);
        assert!(!limiter.has_room(7 + PRICE - 1));
        assert_eq!(allowed(7 + PRICE - 1), 0);
        assert!(limiter.has_room(7 + PRICE));
        assert_eq!(allowed(7 + PRICE), 1);
        assert_eq!(allowed(7 + 11 * PRICE), 10);
        assert_eq!(allowed(u64::MAX / 2), 50);
    }

    #[test]
    fn samples_leave_half_for_what_is_bad() {
        let limiter = Limiter::new();
        assert_eq!((0..100).filter(|_| limiter.allow_sample(0)).count(), 25);
        assert_eq!((0..100).filter(|_| limiter.allow(0)).count(), 25);
        assert!(!limiter.allow_sample(20 * PRICE));
    }

    #[test]
    fn a_storm_on_several_threads_is_counted_exactly() {
        const THREADS: u64 = 4;
        const EVENTS: u64 = 250_000;
        let limiter = Limiter::new();
        let (clock, told) = (AtomicU64::new(0), AtomicU64::new(0));
        let records = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..EVENTS {
                        // A second in all.
                        let now = clock.fetch_add(1_000, Relaxed);
                        if limiter.allow(now) {
                            records.fetch_add(1, Relaxed);
                            told.fetch_add(limiter.take_suppressed(), Relaxed);
                        } else {
                            limiter.suppress();
                        }
                    }
                });
            }
        });
        let rest = limiter.take_suppressed();
        let (records, told) = (records.into_inner(), told.into_inner());
        assert_eq!(records + told + rest, THREADS * EVENTS);
        // Threads read the clock in one order and pay in another.
        assert!((59..=61).contains(&records), "{records}");
        assert_eq!(limiter.take_suppressed(), 0);
    }
}
