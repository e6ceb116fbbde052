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
static ROUTES: RwLock<BTreeMap<Box<str>, AtomicU64>> = RwLock::new(BTreeMap::new());

/// Counts an event that no endpoint claimed and no known route explains.
pub(crate) fn count(route: Option<Route<'_>>) {
    let Some(route) = route else {
        UNMATCHED_COUNT.fetch_add(1, Relaxed);
        return;
    };
    let known = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(count) = known.get(route.template) {
        count.fetch_add(1, Relaxed);
        return;
    }
    drop(known);
    let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
    if routes.len() >= LIMIT && !routes.contains_key(route.template) {
        OTHER_COUNT.fetch_add(1, Relaxed);
        return;
    }
    let count = routes.entry(route.template.into()).or_insert_with(|| {
        tracing::info!(
            route = route.template,
            "no #[slo] stands on this route; its requests are counted as slo.unannotated"
        );
        AtomicU64::new(0)
    });
    count.fetch_add(1, Relaxed);
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
            count(Some(Route {
                template: &format!("/hostile/{i}"),
            }));
        }
        count(None);
        let counts = read();
        assert!(counts.len() <= LIMIT + 2);
        assert_eq!(counts[OTHER], 50);
        assert_eq!(counts.values().sum::<u64>() - before, LIMIT as u64 + 51);
    }
}
