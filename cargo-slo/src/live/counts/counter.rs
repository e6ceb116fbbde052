//! One series of a counter.

/// What the values of a series count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temporality {
    /// The export before.
    Delta,
    /// The start of the series.
    Cumulative,
}

/// When a value was taken, and since when it counts, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    pub(super) start: u64,
    pub(super) time: u64,
}

/// A series of one process, as it was last exported.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counter {
    last: Option<(u64, Taken)>,
}

/// What a value adds to its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Growth {
    pub(super) events: u64,
    /// True for the first value of a series that counts from its start.
    pub(super) is_first: bool,
    /// True if the series began again.
    pub(super) is_reset: bool,
}

impl Counter {
    /// Returns what a value adds. A value older than the last one adds nothing: it is in that.
    pub(super) fn grow(&mut self, value: u64, taken: Taken, temporality: Temporality) -> Growth {
        let growth = |events, is_first, is_reset| Growth {
            events,
            is_first,
            is_reset,
        };
        if temporality == Temporality::Delta {
            return growth(value, false, false);
        }
        let Some((last, before)) = self.last else {
            self.last = Some((value, taken));
            return growth(value, true, false);
        };
        if taken.start < before.start || taken.time < before.time {
            return growth(0, false, false);
        }
        self.last = Some((value, taken));
        match value < last || taken.start > before.start {
            true => growth(value, false, true),
            false => growth(value - last, false, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_once_whatever_comes() {
        let mut counter = Counter::default();
        let mut sum = 0;
        let mut resets = 0;
        for (value, start, time) in [
            (0, 1, 1),
            (5, 1, 2),
            // Sent again, and one that was overtaken.
            (5, 1, 2),
            (3, 1, 1),
            (9, 1, 3),
            // A new process under the same name, which counted more than the old one.
            (20, 4, 5),
            // An export of the old one that comes late.
            (9, 1, 6),
            (21, 4, 6),
            // One that says no start.
            (1, 4, 7),
        ] {
            let growth = counter.grow(value, Taken { start, time }, Temporality::Cumulative);
            sum += growth.events;
            resets += u32::from(growth.is_reset);
        }
        assert_eq!((sum, resets), (9 + 21 + 1, 2));
    }

    #[test]
    fn differences_are_added() {
        let mut counter = Counter::default();
        let grown =
            [3, 0, 4].map(|value| counter.grow(value, Taken::default(), Temporality::Delta));
        assert_eq!(grown.iter().map(|growth| growth.events).sum::<u64>(), 7);
        assert!(
            grown
                .iter()
                .all(|growth| !growth.is_first && !growth.is_reset)
        );
    }
}
