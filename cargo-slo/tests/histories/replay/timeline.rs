//! The events of all series together, over time.

use super::Counter;
use slo_model::budget::Counts;
use std::{collections::BTreeMap, time::Duration};

/// How many events had been seen by when, as running totals: the events of any window are a
/// difference of two of them, exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timeline {
    moments: Vec<Duration>,
    totals: Vec<Counts>,
}

impl Timeline {
    /// Joins the counters of good and of bad events, of as many pods as there are.
    pub(crate) fn new<'a>(
        good: impl IntoIterator<Item = &'a Counter>,
        bad: impl IntoIterator<Item = &'a Counter>,
    ) -> Timeline {
        let mut seen: BTreeMap<Duration, Counts> = BTreeMap::new();
        for (at, events) in good.into_iter().flat_map(Counter::increments) {
            seen.entry(at).or_default().good += events;
        }
        for (at, events) in bad.into_iter().flat_map(Counter::increments) {
            seen.entry(at).or_default().bad += events;
        }
        let totals = seen.values().scan(Counts::default(), |total, &counts| {
            *total = *total + counts;
            Some(*total)
        });
        Timeline {
            totals: totals.collect(),
            moments: seen.into_keys().collect(),
        }
    }

    /// The events seen in the window that ends with a moment, which belongs to it, unlike the
    /// moment it begins after.
    pub(crate) fn within(&self, window: Duration, until: Duration) -> Counts {
        let after = self.total(until);
        // Everything up to now, where the window is longer than time is old.
        let Some(begin) = until.checked_sub(window) else {
            return after;
        };
        let before = self.total(begin);
        Counts {
            good: after.good - before.good,
            bad: after.bad - before.bad,
        }
    }

    /// True where any series showed anything in the window, be it that nothing had happened.
    pub(crate) fn is_known(&self, window: Duration, until: Duration) -> bool {
        let end = self.moments.partition_point(|&at| at <= until);
        self.moments[..end]
            .last()
            .is_some_and(|&last| until.checked_sub(window).is_none_or(|begin| last > begin))
    }

    fn total(&self, until: Duration) -> Counts {
        match self.moments.partition_point(|&at| at <= until) {
            0 => Counts::default(),
            n => self.totals[n - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(n: u64) -> Duration {
        Duration::from_secs(60 * n)
    }

    fn counter(samples: &[(u64, u64)]) -> Counter {
        let samples = samples.iter();
        samples.map(|&(at, value)| (minutes(at), value)).collect()
    }

    #[test]
    fn pods_add_up_and_windows_begin_after_their_edge() {
        let good = [counter(&[(0, 0), (1, 10), (2, 30)]), counter(&[(2, 5)])];
        let bad = [counter(&[(1, 1), (2, 1)])];
        let timeline = Timeline::new(&good, &bad);
        let counts = |good, bad| Counts { good, bad };
        assert_eq!(timeline.within(minutes(1), minutes(2)), counts(25, 0));
        assert_eq!(timeline.within(minutes(2), minutes(2)), counts(35, 1));
        assert_eq!(timeline.within(minutes(99), minutes(2)), counts(35, 1));
        assert_eq!(timeline.within(minutes(1), minutes(9)), counts(0, 0));
        assert!(timeline.is_known(minutes(8), minutes(9)));
        assert!(!timeline.is_known(minutes(7), minutes(9)));
        assert!(!Timeline::default().is_known(minutes(1), minutes(1)));
    }

    proptest::proptest! {
        /// The slow way: every event by itself.
        #[test]
        fn a_difference_of_totals_is_a_sum_of_events(
            values in proptest::collection::vec((0u64..4, 0u64..50), 1..60),
            window in 1u64..90,
            until in 0u64..120,
        ) {
            let samples = values.iter().scan(0, |at, &(gap, value)| {
                *at += 1 + gap;
                Some((*at, value))
            });
            let counter = counter(&samples.collect::<Vec<_>>());
            let within = |at: Duration| at <= minutes(until) && at + minutes(window) > minutes(until);
            let expected: u64 = counter.increments().filter(|&(at, _)| within(at)).map(|(_, n)| n).sum();
            let timeline = Timeline::new([], [&counter]);
            proptest::prop_assert_eq!(timeline.within(minutes(window), minutes(until)).bad, expected);
        }
    }
}
