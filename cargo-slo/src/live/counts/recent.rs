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

/// By how many bytes the room for bins grows: twice as much each time would be half empty.
const MORE_BYTES: usize = 256;

/// Good and bad events of the last while, by when they were told.
///
/// There may be tens of thousands of these, each with hundreds of bins. So all bins but the last are
/// packed: good and bad events and the time until the next bin, each in as few bytes as it takes. A
/// bin takes 4 bytes where some hundred events come in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    packed: VecDeque<u8>,
    /// How many bins are packed.
    bins: usize,
    /// The length of a bin, in milliseconds.
    length: u64,
    /// When the first bin began, and the last one, in bins since 1970.
    first: u64,
    start: u64,
    /// What the last bin counts; nothing only if there is no bin.
    last: Counts,
}

impl Recent {
    /// Adds events that were told at `at`, in milliseconds since 1970.
    pub(super) fn add(&mut self, memory: Memory, at: u64, events: Counts) {
        if events.valid() == 0 {
            return;
        }
        self.length = memory.bin;
        self.push(at / memory.bin, events);
        if self.bins >= MAX_BINS {
            self.coarsen();
        }
        let oldest = at.saturating_sub(memory.window + memory.bin);
        while self.bins > 0 && self.first * self.length < oldest {
            self.forget_first();
        }
    }

    /// Adds events to the bin of a time.
    fn push(&mut self, start: u64, events: Counts) {
        if self.last.valid() == 0 {
            (self.first, self.start) = (start, start);
        } else if start > self.start {
            // Three numbers take 30 bytes at most.
            if self.packed.capacity() - self.packed.len() < 30 {
                self.packed.reserve_exact(MORE_BYTES);
            }
            let Counts { good, bad } = std::mem::take(&mut self.last);
            for number in [good, bad, start - self.start] {
                pack(&mut self.packed, number);
            }
            self.bins += 1;
            self.start = start;
        }
        // A clock that was set back adds to the last.
        self.last = self.last + events;
    }

    fn forget_first(&mut self) {
        let [_, _, next] = [(); 3].map(|()| unpack_first(&mut self.packed));
        self.first += next;
        self.bins -= 1;
    }

    /// Puts pairs of the older half together, each under the later of its moments: what is told then
    /// is within a window as long as any of it is.
    fn coarsen(&mut self) {
        let mut bins: Vec<_> = self.newest_first().collect();
        bins.reverse();
        let (older, newer) = bins.split_at(bins.len() / 2);
        let (odd, pairs) = older.split_at(older.len() % 2);
        let length = self.length;
        *self = Recent {
            length,
            ..Recent::default()
        };
        for (start, counts) in odd {
            self.push(*start, *counts);
        }
        for pair in pairs.chunks(2) {
            let start = pair.iter().map(|(start, _)| *start).max();
            let counts = pair.iter().map(|(_, counts)| *counts);
            let sum = counts.fold(Counts::default(), |sum, counts| sum + counts);
            self.push(start.unwrap_or_default(), sum);
        }
        for (start, counts) in newer {
            self.push(*start, *counts);
        }
    }

    /// When each bin began, in bins since 1970, and what it counts.
    fn newest_first(&self) -> impl Iterator<Item = (u64, Counts)> {
        let last = (self.last.valid() > 0).then_some((self.start, self.last));
        let mut bytes = self.packed.iter().rev().copied();
        let mut start = self.start;
        let packed = std::iter::from_fn(move || {
            start -= unpack_last(&mut bytes)?;
            let bad = unpack_last(&mut bytes)?;
            let good = unpack_last(&mut bytes)?;
            Some((start, Counts { good, bad }))
        });
        last.into_iter().chain(packed)
    }

    /// What was told since a moment, in milliseconds since 1970, and when.
    pub(crate) fn since(&self, from: u64) -> impl Iterator<Item = (u64, Counts)> {
        let bins = self
            .newest_first()
            .map(|(start, counts)| (start * self.length, counts));
        bins.take_while(move |(at, _)| *at >= from)
    }

    /// What was told since a moment, in milliseconds since 1970, and before another.
    pub(crate) fn between(&self, from: u64, to: u64) -> Counts {
        let within = self.since(from).filter(|(at, _)| *at < to);
        within.fold(Counts::default(), |sum, (_, counts)| sum + counts)
    }
}

/// In a byte: another byte of the number stands before it.
const GOES_ON: u8 = 0x80;

/// Appends a number, seven bits in a byte, the highest first. Every byte but the first has
/// [`GOES_ON`], so it can be read from both ends.
fn pack(bytes: &mut VecDeque<u8>, number: u64) {
    let low = |shift: u32| (number >> shift) as u8 & !GOES_ON;
    let more = (u64::BITS - number.leading_zeros()).saturating_sub(1) / 7;
    bytes.push_back(low(7 * more));
    bytes.extend((0..more).rev().map(|place| low(7 * place) | GOES_ON));
}

/// Reads the last number of what is read backwards.
fn unpack_last(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = bytes.next()?;
        number |= u64::from(byte & !GOES_ON) << shift;
        if byte & GOES_ON == 0 {
            break;
        }
    }
    Some(number)
}

/// Takes the first number away.
fn unpack_first(bytes: &mut VecDeque<u8>) -> u64 {
    let mut number = bytes.pop_front().map_or(0, u64::from);
    while let Some(byte) = bytes.front().filter(|byte| **byte & GOES_ON != 0) {
        number = (number << 7) | u64::from(byte & !GOES_ON);
        bytes.pop_front();
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;

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
        assert!(recent.bins < MAX_BINS, "{}", recent.bins);
        assert_eq!(recent.between(0, u64::MAX).good, 8_000);
        assert_eq!(recent.between(7_900_000, u64::MAX).good, 100);
        let bins: Vec<_> = recent.newest_first().collect();
        assert_eq!(bins.len(), recent.bins + 1);
        assert!(bins.iter().is_sorted_by_key(|(at, _)| Reverse(*at)));
    }

    #[test]
    fn long_windows_take_no_more_memory() {
        let memory = Memory::over(86_400_000);
        let mut recent = Recent::default();
        for second in 0..200_000 {
            recent.add(memory, second * 1_000, good(1));
        }
        assert!(recent.bins < 602, "{}", recent.bins);
    }

    /// 50,000 are the most that there are; even of twice as many, each with all its bins, a laptop has
    /// room.
    #[test]
    fn a_hundred_thousand_sums_take_300_megabytes() {
        let memory = Memory::over(600_000);
        let mut recent = Recent::default();
        for second in 0..5_000 {
            let events = Counts {
                good: 100 + second % 700,
                bad: second % 9,
            };
            recent.add(memory, 1_764_000_000_000 + second * 1_000, events);
        }
        assert!(recent.bins >= 600, "{}", recent.bins);
        let bytes = size_of::<Recent>() + recent.packed.capacity();
        assert!(100_000 * bytes < 300_000_000, "{bytes} each");
    }

    proptest::proptest! {
        /// As bins in a list.
        #[test]
        fn packed_bins_are_those_that_were_told(
            told in proptest::collection::vec(
                (proptest::prop_oneof![9 => 0u64..9_000, 1 => 0u64..400_000], 0u64..300, 0u64..3),
                0..300,
            ),
            huge: u64,
            from in 0u64..8_000_000,
        ) {
            let memory = Memory::over(600_000);
            let (mut recent, mut bins) = (Recent::default(), VecDeque::<(u64, Counts)>::new());
            let mut at = 1_000_000;
            for (n, (later, good, bad)) in told.into_iter().enumerate() {
                at += later;
                let events = Counts { good: if n == 7 { huge / 1_000 } else { good }, bad };
                recent.add(memory, at, events);
                let start = at / memory.bin * memory.bin;
                match bins.back_mut() {
                    _ if events.valid() == 0 => continue,
                    Some((last, counts)) if *last == start => *counts = *counts + events,
                    _ => bins.push_back((start, events)),
                }
                bins.retain(|(start, _)| *start >= at.saturating_sub(memory.window + memory.bin));
            }
            let expected: Vec<_> = bins.into_iter().rev().filter(|(at, _)| *at >= from).collect();
            proptest::prop_assert_eq!(recent.since(from).collect::<Vec<_>>(), expected);
        }
    }
}
