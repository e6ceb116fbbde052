//! Requests that no annotation covers: coverage is a number.

use slo_model::Outcome;
use std::{
    collections::BTreeMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// The value that stands for all requests no route matched.
pub const UNMATCHED: &str = "_unmatched";

/// The value that stands for all routes beyond the first [`LIMIT`].
pub const OTHER: &str = "_other";

/// Most routes that are told apart.
pub const LIMIT: usize = 500;

/// A route without an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// The template that matched, never the path of a request.
    pub template: &'a str,
}

/// What such events came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Answered as whoever asked could expect.
    pub good: u64,
    /// Failed.
    pub bad: u64,
    /// Neither: a fault of the client, or a client that left.
    pub excluded: u64,
}

impl Outcomes {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.good + self.bad + self.excluded
    }

    /// What was counted since.
    pub(crate) fn since(self, earlier: Outcomes) -> Outcomes {
        Outcomes {
            good: self.good.saturating_sub(earlier.good),
            bad: self.bad.saturating_sub(earlier.bad),
            excluded: self.excluded.saturating_sub(earlier.excluded),
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    good: AtomicU64,
    bad: AtomicU64,
    excluded: AtomicU64,
}

impl Counts {
    const fn new() -> Counts {
        Counts {
            good: AtomicU64::new(0),
            bad: AtomicU64::new(0),
            excluded: AtomicU64::new(0),
        }
    }

    fn read(&self) -> Outcomes {
        Outcomes {
            good: self.good.load(Relaxed),
            bad: self.bad.load(Relaxed),
            excluded: self.excluded.load(Relaxed),
        }
    }
}

static UNMATCHED_COUNTS: Counts = Counts::new();
static OTHER_COUNTS: Counts = Counts::new();
/// The counters live as long as the process, so that an event can know its own.
static ROUTES: RwLock<BTreeMap<Box<str>, &'static Counts>> = RwLock::new(BTreeMap::new());

/// Counts the events of one route that no endpoint claimed.
#[derive(Clone, Copy, Debug)]
pub struct Counter(&'static Counts);

impl Counter {
    /// That of events that matched no route.
    pub(crate) const UNMATCHED: Counter = Counter(&UNMATCHED_COUNTS);

    /// That of events that matched this route, or none.
    pub fn of(route: Option<Route<'_>>) -> Counter {
        let Some(route) = route else {
            return Counter::UNMATCHED;
        };
        let known = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = known.get(route.template) {
            return Counter(counts);
        }
        drop(known);
        let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
        if routes.len() >= LIMIT && !routes.contains_key(route.template) {
            return Counter(&OTHER_COUNTS);
        }
        let counts = routes.entry(route.template.into()).or_insert_with(|| {
            tracing::info!(
                route = route.template,
                "no #[slo] stands on this route; its requests are counted as slo.unannotated"
            );
            Box::leak(Box::default())
        });
        Counter(counts)
    }

    /// Counts one.
    pub(crate) fn count(self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Good => &self.0.good,
            Outcome::Bad => &self.0.bad,
            Outcome::Excluded => &self.0.excluded,
        };
        count.fetch_add(1, Relaxed);
    }
}

/// Events by route so far; those that matched none are always among them.
pub(crate) fn read() -> BTreeMap<String, Outcomes> {
    let routes = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    let mut all: BTreeMap<String, Outcomes> = routes
        .iter()
        .map(|(route, counts)| (route.to_string(), counts.read()))
        .collect();
    all.insert(UNMATCHED.to_owned(), UNMATCHED_COUNTS.read());
    let other = OTHER_COUNTS.read();
    if other.total() > 0 {
        all.insert(OTHER.to_owned(), other);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total() -> u64 {
        read().values().map(Outcomes::total).sum()
    }

    #[test]
    fn a_hostile_number_of_routes_stays_bounded() {
        let (before, known) = (total(), read());
        let other = known.get(OTHER).map_or(0, Outcomes::total);
        for i in 0..LIMIT + 50 {
            let template = &format!("/hostile/{i}");
            Counter::of(Some(Route { template })).count(Outcome::Good);
        }
        Counter::of(None).count(Outcome::Excluded);
        let counts = read();
        assert!(counts.len() <= LIMIT + 2);
        let room = LIMIT - known.keys().filter(|name| name.starts_with('/')).count();
        let beyond = (LIMIT + 50 - room) as u64;
        assert_eq!(counts[OTHER].total() - other, beyond);
        assert_eq!(total() - before, LIMIT as u64 + 51);
    }
}
