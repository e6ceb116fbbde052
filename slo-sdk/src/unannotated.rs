//! Requests that no annotation covers: coverage is a number.

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

static UNMATCHED_COUNT: AtomicU64 = AtomicU64::new(0);
static OTHER_COUNT: AtomicU64 = AtomicU64::new(0);
/// The counters live as long as the process, so that an event can know its own.
static ROUTES: RwLock<BTreeMap<Box<str>, &'static AtomicU64>> = RwLock::new(BTreeMap::new());

/// Counts the events of one route that no endpoint claimed.
#[derive(Clone, Copy, Debug)]
pub struct Counter(&'static AtomicU64);

impl Counter {
    /// That of events that matched no route.
    pub(crate) const UNMATCHED: Counter = Counter(&UNMATCHED_COUNT);

    /// That of events that matched this route, or none.
    pub fn of(route: Option<Route<'_>>) -> Counter {
        let Some(route) = route else {
            return Counter::UNMATCHED;
        };
        let known = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get(route.template) {
            return Counter(count);
        }
        drop(known);
        let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
        if routes.len() >= LIMIT && !routes.contains_key(route.template) {
            return Counter(&OTHER_COUNT);
        }
        let count = routes.entry(route.template.into()).or_insert_with(|| {
            tracing::info!(
                route = route.template,
                "no #[slo] stands on this route; its requests are counted as slo.unannotated"
            );
            Box::leak(Box::default())
        });
        Counter(count)
    }

    /// Counts one.
    pub(crate) fn count(self) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Events by route so far; those that matched none are always among them.
pub(crate) fn read() -> BTreeMap<String, u64> {
    let routes = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    let mut counts: BTreeMap<String, u64> = routes
        .iter()
        .map(|(route, count)| (route.to_string(), count.load(Relaxed)))
        .collect();
    counts.insert(UNMATCHED.to_owned(), UNMATCHED_COUNT.load(Relaxed));
    let other = OTHER_COUNT.load(Relaxed);
    if other > 0 {
        counts.insert(OTHER.to_owned(), other);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_number_of_routes_stays_bounded() {
        let before = read().values().sum::<u64>();
        for i in 0..LIMIT + 50 {
            let template = &format!("/hostile/{i}");
            Counter::of(Some(Route { template })).count();
        }
        Counter::of(None).count();
        let counts = read();
        assert!(counts.len() <= LIMIT + 2);
        assert_eq!(counts[OTHER], 50);
        assert_eq!(counts.values().sum::<u64>() - before, LIMIT as u64 + 51);
    }
}
