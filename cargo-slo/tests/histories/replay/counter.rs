//! One counter, as it was seen from outside.

use std::time::Duration;

/// What one series of a counter showed: values at moments, in this order.
///
/// Moments are counted from any start that all series of a history share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counter {
    samples: Vec<(Duration, u64)>,
}

impl Counter {
    /// A counter that was not seen yet.
    pub(crate) const fn new() -> Counter {
        Counter {
            samples: Vec::new(),
        }
    }

    /// Adds what it shows later; gaps need no sample.
    ///
    /// # Panics
    /// If the moment is not after the last one.
    pub(crate) fn push(&mut self, at: Duration, value: u64) {
        assert!(
            self.samples.last().is_none_or(|&(last, _)| last < at),
            "samples are in the order of time"
        );
        self.samples.push((at, value));
    }

    /// The values, in the order of time.
    pub(crate) fn samples(&self) -> &[(Duration, u64)] {
        &self.samples
    }

    /// How many events each sample shows for the first time.
    ///
    /// A counter that shows less than before has started again, at 0. So had the series when it
    /// was seen first: the SDK starts them there, and what it shows was counted since. Events
    /// of a gap are those of the sample that ends it; those between the last sample and a
    /// restart were never seen by anybody.
    pub(crate) fn increments(&self) -> impl Iterator<Item = (Duration, u64)> {
        let before = std::iter::once(0).chain(self.samples.iter().map(|&(_, value)| value));
        self.samples
            .iter()
            .zip(before)
            .map(|(&(at, value), before)| {
                let shown = if value < before {
                    value
                } else {
                    value - before
                };
                (at, shown)
            })
    }
}

impl FromIterator<(Duration, u64)> for Counter {
    fn from_iter<I: IntoIterator<Item = (Duration, u64)>>(samples: I) -> Counter {
        let mut counter = Counter::new();
        for (at, value) in samples {
            counter.push(at, value);
        }
        counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_no_loss_and_a_gap_is_one_step() {
        let samples = [(0, 2), (60, 5), (120, 1), (600, 1), (660, 9)];
        let counter: Counter = samples
            .map(|(at, value)| (Duration::from_secs(at), value))
            .into_iter()
            .collect();
        let shown: Vec<_> = counter.increments().map(|(_, events)| events).collect();
        assert_eq!(shown, [2, 3, 1, 0, 8]);
        assert_eq!(counter.samples().len(), 5);
    }

    #[test]
    #[should_panic(expected = "order of time")]
    fn time_goes_forward() {
        let mut counter = Counter::new();
        counter.push(Duration::from_secs(60), 1);
        counter.push(Duration::from_secs(60), 2);
    }
}
