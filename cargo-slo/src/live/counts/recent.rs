//! What was counted in the last while.

use slo_model::{Window, budget::Counts};
use std::collections::VecDeque;

/// How long counts are kept apart, and how finely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What stands for the usual window of an SLO, in milliseconds.
    pub(crate) month: u64,
    /// The longest of all windows, in milliseconds.
    pub(crate) window: u64,
    /// In milliseconds.
    pub(crate) bin: u64,
}

impl Memory {
    /// Bins in a window, at most.
    const BINS: u64 = 600;
    /// Services under this command export this often, in milliseconds.
    const SHORTEST_BIN: u64 = 1_000;

    /// For an SLO's usual window of so many milliseconds.
    pub(crate) fn over(month: u64) -> Memory {
        Memory {
            month,
            window: month,
            bin: (month / Memory::BINS).max(Memory::SHORTEST_BIN),
        }
    }

    /// Makes sure that an SLO's window is remembered.
    pub(super) fn hold(&mut self, window: Window) {
        let usual = u64::from(Window::DEFAULT.length_minutes());
        let length = self.month.saturating_mul(window.length_minutes().into()) / usual;
        self.window = self.window.max(length);
    }
}

/// Most bins that are kept; beyond that older ones are put together.
const MAX_BINS: usize = 1_200;

/// Good and bad events of the last while, by when they were told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent(VecDeque<(u64, Counts)>);

impl Recent {
    /// Adds events that were told at `at`, in milliseconds since 1970.
    pub(super) fn add(&mut self, memory: Memory, at: u64, events: Counts) {
        if events.valid() == 0 {
            return;
        }
        let start = at / memory.bin * memory.bin;
        match self.0.back_mut() {
            // A clock that was set back adds to the last.
            Some((last, counts)) if *last >= start => *counts = *counts + events,
            _ => self.0.push_back((start, events)),
        }
        if self.0.len() > MAX_BINS {
            self.coarsen();
        }
        let oldest = at.saturating_sub(memory.window + memory.bin);
        while self.0.front().is_some_and(|(at, _)| *at < oldest) {
            self.0.pop_front();
        }
    }

    /// Puts pairs of the older half together, each under the later of its moments: what is told then
    /// is within a window as long as any of it is.
    fn coarsen(&mut self) {
        let half = self.0.len() / 2;
        let older: Vec<_> = self.0.drain(..half).collect();
        for pair in older.rchunks(2) {
            let (mut at, mut sum) = (0, Counts::default());
            for (start, counts) in pair {
                at = at.max(*start);
                sum = sum + *counts;
            }
            self.0.push_front((at, sum));
        }
    }

    /// What was told since a moment, in milliseconds since 1970, and when.
    pub(crate) fn since(&self, from: u64) -> impl Iterator<Item = (u64, Counts)> {
        let since = self.0.iter().rev().take_while(move |(at, _)| *at >= from);
        since.copied()
    }

    /// What was told since a moment, in milliseconds since 1970, and before another.
    pub(crate) fn between(&self, from: u64, to: u64) -> Counts {
        let within = self.since(from).filter(|(at, _)| *at < to);
        within.fold(Counts::default(), |sum, (_, counts)| sum + counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn good(good: u64) -> Counts {
        Counts { good, bad: 0 }
    }

    #[test]
    fn what_is_within_and_what_is_forgotten() {
        let memory = Memory::over(10_000);
        let mut recent = Recent::default();
        for second in 0..100 {
            recent.add(memory, second * 1_000 + 500, good(1));
            recent.add(memory, second * 1_000 + 900, good(1));
        }
        assert_eq!(recent.between(95_000, u64::MAX).good, 10);
        assert_eq!(recent.between(90_000, 91_000).good, 2);
        assert_eq!(recent.between(0, u64::MAX).good, 22);
        recent.add(memory, 3_000, good(7));
        assert_eq!(recent.between(99_000, u64::MAX).good, 9);
    }

    #[test]
    fn many_bins_are_put_together_and_lose_no_event() {
        let memory = Memory {
            month: 600_000,
            window: 10_000_000,
            bin: 1_000,
        };
        let mut recent = Recent::default();
        for second in 0..8_000 {
            recent.add(memory, second * 1_000, good(1));
        }
        assert!(recent.0.len() <= MAX_BINS, "{}", recent.0.len());
        assert_eq!(recent.between(0, u64::MAX).good, 8_000);
        assert_eq!(recent.between(7_900_000, u64::MAX).good, 100);
        assert!(recent.0.iter().is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn long_windows_take_no_more_memory() {
        let memory = Memory::over(86_400_000);
        let mut recent = Recent::default();
        for second in 0..200_000 {
            recent.add(memory, second * 1_000, good(1));
        }
        assert!(recent.0.len() <= 602, "{}", recent.0.len());
    }
}
