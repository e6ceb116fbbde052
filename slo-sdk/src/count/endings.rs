//! Events that ended, by how they did.

use crate::sync::{
    AtomicU64, OnceLock,
    Ordering::{Acquire, Release},
};
use slo_model::{Ending, MAX_LATENCY_SLIS};

/// An event passed none of the latency thresholds, one, … or all of them.
pub(crate) const LEVELS: usize = MAX_LATENCY_SLIS + 1;

const ENDINGS: usize = Ending::ALL.len();

/// How many events ended in each way, by the number of latency thresholds they passed.
pub(crate) type Ended = [[u64; LEVELS]; ENDINGS];

/// A cell for each way an event can have ended. Cells only ever grow.
///
/// Most endpoints meet with few ways, so the cells of a way are made when the first event ends
/// so. Until then they are zeros to whoever reads them.
#[derive(Debug)]
pub(crate) struct Endings([OnceLock<Box<[AtomicU64; LEVELS]>>; ENDINGS]);

impl Endings {
    pub(crate) fn new() -> Endings {
        Endings(std::array::from_fn(|_| OnceLock::new()))
    }

    /// Counts an event that passed so many latency thresholds.
    pub(crate) fn end(&self, ending: Ending, level: usize) {
        let zeros = || Box::new(std::array::from_fn(|_| AtomicU64::new(0)));
        let levels = self.0[ending.index()].get_or_init(zeros);
        // Whoever sees the end sees the start.
        levels[level].fetch_add(1, Release);
    }

    pub(crate) fn read(&self) -> Ended {
        self.0.each_ref().map(|levels| match levels.get() {
            Some(levels) => levels.each_ref().map(|cell| cell.load(Acquire)),
            None => [0; LEVELS],
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_way_to_end_takes_memory_once_an_event_ended_so() {
        let endings = Endings::new();
        assert_eq!(endings.read(), Ended::default());
        endings.end(Ending::Panicked, 2);
        endings.end(Ending::Panicked, 2);
        endings.end(Ending::ServerError, 0);
        let mut expected = Ended::default();
        expected[Ending::Panicked.index()][2] = 2;
        expected[Ending::ServerError.index()][0] = 1;
        assert_eq!(endings.read(), expected);
        let made = endings.0.iter().filter(|levels| levels.get().is_some());
        assert_eq!(made.count(), 2);
    }
}
