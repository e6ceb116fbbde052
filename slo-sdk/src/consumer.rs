//! Who calls, where a layer was told whom to tell apart.
//!
//! What a request says of its caller is text from outside, so only callers of a list that the
//! program has are counted by name; all others are one. Each pair of a consumer and an endpoint
//! that it calls has counters of its own, made with its first event.

use crate::count::{cells::Tally, endings::Endings};
use slo_model::Ending;
use std::{
    num::NonZeroU8,
    sync::{
        OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

/// The value that stands for all consumers that are not in the list.
pub const OTHER: &str = "other";

/// Most consumers of a process that are told apart.
pub const MAX_CONSUMERS: usize = u8::MAX as usize - 1;

static NAMES: RwLock<Vec<&'static str>> = RwLock::new(Vec::new());

/// A consumer that is told apart, or all the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumer(NonZeroU8);

impl Consumer {
    /// Whoever is not in the list.
    pub const OTHER: Consumer = Consumer(NonZeroU8::MIN);

    /// Returns the consumer of this name, which is one of the process from now on. Beyond the first
    /// [`MAX_CONSUMERS`] of them all are [`Consumer::OTHER`], and a warning says so.
    pub fn register(name: &str) -> Consumer {
        if name == OTHER {
            return Consumer::OTHER;
        }
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        let place = names.iter().position(|known| *known == name);
        if place.is_none() && names.len() == MAX_CONSUMERS {
            // A subscriber may do anything, even ask for the names.
            drop(names);
            static SAID: AtomicBool = AtomicBool::new(false);
            if !SAID.swap(true, Relaxed) {
                tracing::warn!(
                    name,
                    "{MAX_CONSUMERS} consumers are told apart; this one and all further ones are counted \
                     as `{OTHER}`"
                );
            }
            return Consumer::OTHER;
        }
        let place = place.unwrap_or_else(|| {
            names.push(Box::leak(name.into()));
            names.len() - 1
        });
        Consumer::at(place + 1)
    }

    fn at(place: usize) -> Consumer {
        let number = u8::try_from(place + 1).ok().and_then(NonZeroU8::new);
        number.map_or(Consumer::OTHER, Consumer)
    }

    /// Its place among all of the process; the others come first.
    fn place(self) -> usize {
        usize::from(self.0.get()) - 1
    }

    /// Returns the name, as `slo.consumer` has it.
    pub fn name(self) -> &'static str {
        let names = NAMES.read().unwrap_or_else(PoisonError::into_inner);
        let named = self.place().checked_sub(1).and_then(|at| names.get(at));
        named.copied().unwrap_or(OTHER)
    }
}

/// The names of all consumers of the process so far, that of the others first.
pub(crate) fn names() -> Vec<&'static str> {
    let names = NAMES.read().unwrap_or_else(PoisonError::into_inner);
    [OTHER].into_iter().chain(names.iter().copied()).collect()
}

/// Counters are made for so many consumers at a time.
const BLOCK: usize = 16;

type Block = [OnceLock<Box<Endings>>; BLOCK];

/// The counters of one endpoint by consumer. `None` if nobody asked for them.
#[derive(Debug)]
pub(crate) struct ByConsumer(OnceLock<Box<[OnceLock<Box<Block>>; BLOCK]>>);

impl ByConsumer {
    pub(crate) const fn new() -> ByConsumer {
        ByConsumer(OnceLock::new())
    }

    #[cold]
    pub(crate) fn end(&self, consumer: Consumer, ending: Ending, level: usize) {
        let place = consumer.place();
        // The limit of consumers keeps the place within.
        let blocks = self.0.get_or_init(Box::default);
        let block = blocks[place / BLOCK].get_or_init(Box::default);
        block[place % BLOCK]
            .get_or_init(|| Box::new(Endings::new()))
            .end(ending, level);
    }

    /// What each of them has met with that ever called.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&'static str, Tally)> {
        let blocks = self.0.get().into_iter().flat_map(|blocks| blocks.iter());
        let all = blocks.enumerate().flat_map(|(at, block)| {
            let endings = block.get().into_iter().flat_map(|block| block.iter());
            endings
                .enumerate()
                .map(move |(n, endings)| (at * BLOCK + n, endings))
        });
        all.filter_map(|(place, endings)| {
            let tally = Tally {
                started: 0,
                ended: endings.get()?.read(),
            };
            Some((Consumer::at(place).name(), tally))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_up_to_a_limit() {
        let first = Consumer::register("first");
        assert_eq!(first, Consumer::register("first"));
        assert_ne!(first, Consumer::register("second"));
        assert_eq!((first.name(), Consumer::OTHER.name()), ("first", OTHER));
        assert_eq!(Consumer::register(OTHER), Consumer::OTHER);
        let all: Vec<_> = (0..MAX_CONSUMERS + 5).map(|i| i.to_string()).collect();
        let others = all
            .iter()
            .map(|name| Consumer::register(name))
            .filter(|consumer| *consumer == Consumer::OTHER);
        assert!(others.count() >= 5);
        assert_eq!(names().len(), 1 + MAX_CONSUMERS);
        let last = Consumer::at(MAX_CONSUMERS);
        assert_eq!(Consumer::register(last.name()), last);

        let counters = ByConsumer::new();
        assert_eq!(counters.read().count(), 0);
        counters.end(last, Ending::Completed, 0);
        counters.end(Consumer::OTHER, Ending::Panicked, 1);
        counters.end(last, Ending::Completed, 2);
        let read: Vec<_> = counters
            .read()
            .map(|(name, tally)| (name, tally.endings().map(|(.., n)| n).sum::<u64>()))
            .collect();
        assert_eq!(read, [(OTHER, 1), (last.name(), 2)]);
    }
}
