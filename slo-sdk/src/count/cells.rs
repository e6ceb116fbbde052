//! The counters of one endpoint.

use crate::{
    count::{
        endings::{Ended, Endings},
        shards::All,
        slot::COMMON_ENDINGS,
    },
    sync::{
        AtomicU64, OnceLock,
        Ordering::{Acquire, Relaxed, Release},
    },
};
use slo_model::Ending;

/// One cell for the events that started, and one for each way an event can have ended.
///
/// An event writes two of them, here or in the thread's [`Shard`](crate::count::shards::Shard), and
/// nothing else. What it means for results and SLIs is derived when the cells are read, so
/// nothing can get out of step. Cells only ever grow.
///
/// Usual events end in a shard, so the cells of those that end here are made with the first one.
#[derive(Debug)]
pub(crate) struct Cells {
    started: AtomicU64,
    /// Events that were counted as started here and turned out to be another's.
    lost: AtomicU64,
    ended: OnceLock<Box<Endings>>,
}

impl Cells {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Cells {
        Cells {
            started: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            ended: OnceLock::new(),
        }
    }

    /// Loom's atomics can't be made in a constant.
    #[cfg(loom)]
    pub(crate) fn new() -> Cells {
        Cells {
            started: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            ended: OnceLock::new(),
        }
    }

    #[inline]
    pub(crate) fn start(&self) {
        self.started.fetch_add(1, Relaxed);
    }

    #[cold]
    pub(crate) fn lose(&self) {
        // Whoever sees the loss sees the start.
        self.lost.fetch_add(1, Release);
    }

    /// `level` is the number of latency thresholds the event passed.
    #[cold]
    pub(crate) fn end(&self, ending: Ending, level: usize) {
        let ended = self.ended.get_or_init(|| Box::new(Endings::new()));
        ended.end(ending, level);
    }

    /// All events of the endpoint that has this place in the shards.
    ///
    /// Ends before starts: an event that comes in between is then in flight, never ended
    /// without having started. So that a pause of the reader does not look like a crowd in
    /// flight, the reading in which the fewest events started is taken, out of a few.
    pub(crate) fn read(&self, shards: &All<'_>, place: usize) -> Tally {
        const ATTEMPTS: usize = 4;
        let started = || self.started.load(Acquire) + shards.started(place);
        let mut best = Tally::default();
        let mut fewest = u64::MAX;
        for _ in 0..ATTEMPTS {
            let before = started();
            let lost = self.lost.load(Acquire);
            let ended = self.ended.get().map(|ended| ended.read());
            let mut ended = ended.unwrap_or_default();
            for ((ending, level), common_place) in
                COMMON_ENDINGS.into_iter().zip(shards.ended(place))
            {
                ended[ending.index()][level] += common_place;
            }
            let started = started();
            if started - before < fewest {
                fewest = started - before;
                best = Tally {
                    started: started - lost,
                    ended,
                };
            }
            if fewest == 0 {
                break;
            }
        }
        best
    }
}

/// The values of [`Cells`] at a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) started: u64,
    pub(crate) ended: Ended,
}

impl Tally {
    /// Events that ended, with how, with the number of thresholds they passed, and how many
    /// they are.
    pub(crate) fn endings(&self) -> impl Iterator<Item = (Ending, usize, u64)> {
        Ending::ALL
            .iter()
            .copied()
            .zip(&self.ended)
            .flat_map(|(ending, levels)| {
                levels
                    .iter()
                    .enumerate()
                    .map(move |(level, &events)| (ending, level, events))
            })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::count::shards::{Counters, Shards};
    use std::thread;

    #[test]
    fn threads_count_what_a_reader_can_rely_on() {
        const EVENTS: u64 = if cfg!(miri) { 50 } else { 50_000 };
        static CELLS: Cells = Cells::new();
        static SHARDS: Shards = Shards::new();
        let read = || CELLS.read(&SHARDS.all(), 0);
        let ended = |tally: &Tally| tally.endings().map(|(.., events)| events).sum::<u64>();
        thread::scope(|scope| {
            for ending in [Ending::Completed, Ending::Panicked] {
                scope.spawn(move || {
                    let Counters::Own(shard) = SHARDS.take(1, 2) else {
                        panic!("there are two for two threads");
                    };
                    let mine = shard.slot(0).unwrap();
                    for event in 0..EVENTS {
                        if event % 3 == 0 {
                            CELLS.start();
                        } else {
                            mine.start();
                        }
                        if event % 5 == 0 {
                            CELLS.lose();
                        } else if !mine.end(ending, 0) {
                            CELLS.end(ending, 0);
                        }
                    }
                    SHARDS.give(shard);
                });
            }
            let mut before = 0;
            while before < counted(EVENTS) {
                let tally = read();
                let now = ended(&tally);
                assert!(before <= now && now <= tally.started, "{before} {tally:?}");
                before = now;
            }
        });
        let last = read();
        assert_eq!(
            (last.started, ended(&last)),
            (counted(EVENTS), counted(EVENTS))
        );
    }

    /// What two threads count of so many events, a fifth of which turn out to be another's.
    const fn counted(events: u64) -> u64 {
        2 * events * 4 / 5
    }
}
