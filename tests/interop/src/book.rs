//! [`Book`].

use slo_sdk::Snapshot;
use std::{collections::BTreeMap, fmt};

/// Counts, whoever counted: the layer, a collector, or the table of what is expected. Two of
/// them agree if all their numbers do; what is 0 is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book(BTreeMap<String, u64>);

impl Book {
    /// What a snapshot holds.
    pub fn from_snapshot(snapshot: &Snapshot) -> Book {
        let mut book = Book::default();
        for endpoint in snapshot.endpoints() {
            let name = endpoint.name();
            for (result, events) in endpoint.results() {
                book.result(name, result.as_str(), events);
            }
            for sli in endpoint.slis() {
                book.sli(name, sli.name, "good", sli.counts.good);
                book.sli(name, sli.name, "bad", sli.counts.bad);
            }
            book.in_flight(name, endpoint.in_flight());
        }
        for (route, events) in snapshot.unannotated() {
            book.unannotated(route, *events);
        }
        book
    }

    /// Events of an endpoint that ended with a result.
    pub fn result(&mut self, endpoint: &str, result: &str, events: u64) {
        self.add(format!("{endpoint} {result}"), events);
    }

    /// Events of an endpoint that were good or bad for an SLI.
    pub fn sli(&mut self, endpoint: &str, sli: &str, outcome: &str, events: u64) {
        self.add(format!("{endpoint} {sli} {outcome}"), events);
    }

    /// Events of an endpoint that did not end yet.
    pub fn in_flight(&mut self, endpoint: &str, events: u64) {
        self.add(format!("{endpoint} in flight"), events);
    }

    /// Events on a route that no annotation covers.
    pub fn unannotated(&mut self, route: &str, events: u64) {
        self.add(format!("unannotated {route}"), events);
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Book) -> Book {
        for (key, events) in &other.0 {
            self.add(key.clone(), *events);
        }
        self
    }

    fn add(&mut self, key: String, events: u64) {
        if events > 0 {
            *self.0.entry(key).or_default() += events;
        }
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (key, events) in &self.0 {
            write!(f, "{separator}{key} {events}")?;
            separator = ", ";
        }
        if self.0.is_empty() {
            f.write_str("nothing")?;
        }
        Ok(())
    }
}
