//! The counters, by name. How many there are is bounded, whatever clients send.

use super::{Outcomes, ServedRoute, outcomes::Counts, route::MAX_CLIENT_NAMES};
use crate::{notice, registry};
use slo_model::Outcome;
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

/// The value that stands for all requests that nobody served.
pub const UNMATCHED: &str = "_unmatched";

/// The value that stands for all that were served under a name beyond the limits, or under one
/// that only a client could have thought of.
pub const OTHER: &str = "_other";

/// Most templates that are told apart.
pub const MAX_TEMPLATES: usize = 500;

static UNMATCHED_COUNTS: Named = Named::new(UNMATCHED);
static OTHER_COUNTS: Named = Named::new(OTHER);

/// Counts and their name.
#[derive(Debug)]
struct Named {
    name: &'static str,
    counts: Counts,
}

impl Named {
    const fn new(name: &'static str) -> Named {
        Named {
            name,
            counts: Counts::new(),
        }
    }
}

/// Names of one kind. What clients make up fills its own table only.
struct Table {
    limit: usize,
    known: RwLock<Known>,
}

/// The counters live as long as the process, so that an event can know its own.
type Known = BTreeMap<&'static str, &'static Named>;

static TEMPLATES: Table = Table::new(MAX_TEMPLATES);
static METHODS: Table = Table::new(MAX_CLIENT_NAMES);
static SEGMENTS: Table = Table::new(MAX_CLIENT_NAMES);

impl Table {
    const fn new(limit: usize) -> Table {
        Table {
            limit,
            known: RwLock::new(BTreeMap::new()),
        }
    }

    fn counter(&self, name: &str) -> Counter {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(named) = known.get(name) {
            return Counter(named);
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.limit && !known.contains_key(name) {
            return Counter::OTHER;
        }
        if let Some(named) = known.get(name) {
            return Counter(named);
        }
        tracing::info!(
            route = name,
            "no #[slo] is known to cover these requests; they are counted as slo.unannotated"
        );
        let named = Named::new(Box::leak(Box::from(name)));
        let named: &'static Named = Box::leak(Box::new(named));
        known.insert(named.name, named);
        Counter(named)
    }

    fn read_into(&self, all: &mut BTreeMap<String, Outcomes>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        for (name, named) in known.iter() {
            all.entry((*name).to_owned())
                .or_default()
                .add(named.counts.read());
        }
    }
}

/// Counts the events of one name that no endpoint claimed.
#[derive(Clone, Copy, Debug)]
pub struct Counter(&'static Named);

impl Counter {
    /// That of events that nobody served.
    pub(crate) const UNMATCHED: Counter = Counter(&UNMATCHED_COUNTS);

    const OTHER: Counter = Counter(&OTHER_COUNTS);

    /// That of events that went there; `None` if nobody served them.
    pub fn for_route(route: Option<ServedRoute<'_>>) -> Counter {
        let Some(route) = route else {
            return Counter::UNMATCHED;
        };
        let Some(name) = route.name() else {
            return Counter::OTHER;
        };
        let table = match route {
            ServedRoute::Template(_) => &TEMPLATES,
            ServedRoute::Method(_) => &METHODS,
            ServedRoute::Path(_) => &SEGMENTS,
        };
        table.counter(name)
    }

    /// Counts one.
    pub(crate) fn count(self, outcome: Outcome) {
        let is_first = self.0.counts.count(outcome);
        if is_first && outcome == Outcome::Bad && self.0.name != UNMATCHED {
            self.report_failing();
        }
    }

    /// Says that an endpoint may be hidden here: it has no `route`, so until its handler is
    /// reached nothing tells that these requests are its own.
    fn report_failing(self) {
        const MAX_NAMES_SHOWN: usize = 3;
        let unreached = find_unreached();
        if unreached.is_empty() {
            return;
        }
        let more = if unreached.len() > MAX_NAMES_SHOWN {
            ", …"
        } else {
            ""
        };
        let names = unreached[..unreached.len().min(MAX_NAMES_SHOWN)].join(", ");
        notice::warn(format_args!(
            "requests of `{}` fail, and no #[slo] is known to cover them, so they count for no SLO; \
             if the handler is one that was never reached ({names}{more}), say `route` in its #[slo]",
            self.0.name
        ));
    }
}

/// Handlers without a `route` that have had no event yet.
fn find_unreached() -> Vec<&'static str> {
    let endpoints = registry::endpoints();
    let unreached = endpoints.iter().filter(|endpoint| {
        let declaration = endpoint.declaration();
        let is_handler = !declaration.source.function.is_empty() && !endpoint.is_own_event();
        is_handler && declaration.route.is_none() && !endpoint.has_started()
    });
    unreached
        .map(|endpoint| endpoint.declaration().name)
        .collect()
}

/// Events by name so far; those that nobody served are always among them.
pub(crate) fn read() -> BTreeMap<String, Outcomes> {
    let mut all = BTreeMap::from([(UNMATCHED.to_owned(), UNMATCHED_COUNTS.counts.read())]);
    for table in [&TEMPLATES, &METHODS, &SEGMENTS] {
        table.read_into(&mut all);
    }
    let other = OTHER_COUNTS.counts.read();
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
        type Kind = for<'a> fn(&'a str) -> ServedRoute<'a>;
        let kinds: [(Kind, &Table, &str); 3] = [
            (|text| ServedRoute::Template(text), &TEMPLATES, "/hostile/"),
            (
                |text| ServedRoute::Method(text),
                &METHODS,
                "/hostile.Service/M",
            ),
            (|text| ServedRoute::Path(text), &SEGMENTS, "/hostile-"),
        ];
        for (route, table, prefix) in kinds {
            let before = total();
            let other = read().get(OTHER).map_or(0, Outcomes::total);
            let known = table.known.read().unwrap().len();
            let events = table.limit + 50;
            for i in 0..events {
                Counter::for_route(Some(route(&format!("{prefix}{i}")))).count(Outcome::Good);
            }
            Counter::for_route(Some(route(&format!("{prefix}0")))).count(Outcome::Good);
            Counter::for_route(None).count(Outcome::Excluded);
            assert_eq!(table.known.read().unwrap().len(), table.limit);
            let beyond = (events - (table.limit - known)) as u64;
            assert_eq!(read()[OTHER].total() - other, beyond, "{prefix}");
            assert_eq!(total() - before, events as u64 + 2);
        }
        assert!(read().len() <= MAX_TEMPLATES + 2 * MAX_CLIENT_NAMES + 2);
        // What is not a name is one of the others.
        let before = read()[OTHER].total();
        for route in [
            ServedRoute::Path("/%2e%2e"),
            ServedRoute::Path(""),
            ServedRoute::Method("/x"),
        ] {
            Counter::for_route(Some(route)).count(Outcome::Bad);
        }
        assert_eq!(read()[OTHER].total() - before, 3);
    }
}
