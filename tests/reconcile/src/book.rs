//! Counts by what they count: the one form in which all three sources are compared.

use slo_sdk::{EventResult, Outcome, Snapshot};
use std::{collections::BTreeMap, fmt};

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Events of an endpoint that started.
    Started(String),
    /// Events of an endpoint that did not end yet.
    InFlight(String),
    /// Events of an endpoint by `slo.result`.
    Result(String, String),
    /// Events of an endpoint by `slo.sli` and `slo.outcome`.
    Sli(String, String, String),
    /// Events that no annotation covers, by route.
    Unannotated(String),
}

impl Key {
    pub(crate) fn result(endpoint: &str, result: EventResult) -> Key {
        Key::Result(endpoint.to_owned(), result.as_str().to_owned())
    }

    pub(crate) fn sli(endpoint: &str, sli: &str, outcome: Outcome) -> Key {
        let outcome = outcome.as_str().to_owned();
        Key::Sli(endpoint.to_owned(), sli.to_owned(), outcome)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Started(endpoint) => write!(f, "{endpoint} started"),
            Key::InFlight(endpoint) => write!(f, "{endpoint} in flight"),
            Key::Result(endpoint, result) => write!(f, "{endpoint} result {result}"),
            Key::Sli(endpoint, sli, outcome) => write!(f, "{endpoint} {sli} {outcome}"),
            Key::Unannotated(route) => write!(f, "unannotated {route}"),
        }
    }
}

/// Counts; what is not in it is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Book(BTreeMap<Key, u64>);

impl Book {
    /// Everything a snapshot says.
    pub(crate) fn from_snapshot(snapshot: &Snapshot) -> Book {
        let mut book = Book::default();
        book.add(Key::InFlight("_unclaimed".to_owned()), snapshot.unclaimed());
        for endpoint in snapshot.endpoints() {
            let name = endpoint.name();
            book.add(Key::Started(name.to_owned()), endpoint.started());
            book.add(Key::InFlight(name.to_owned()), endpoint.in_flight());
            for (result, events) in endpoint.results() {
                book.add(Key::result(name, result), events);
            }
            for sli in endpoint.slis() {
                book.add(Key::sli(name, sli.name, Outcome::Good), sli.counts.good);
                book.add(Key::sli(name, sli.name, Outcome::Bad), sli.counts.bad);
            }
        }
        for (route, events) in snapshot.unannotated() {
            book.add(Key::Unannotated(route.clone()), *events);
        }
        book
    }

    pub(crate) fn add(&mut self, key: Key, events: u64) {
        *self.0.entry(key).or_default() += events;
    }

    pub(crate) fn get(&self, key: &Key) -> u64 {
        self.0.get(key).copied().unwrap_or(0)
    }

    pub(crate) fn holds(&self, key: &Key) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, u64)> {
        self.0.iter().map(|(key, events)| (key, *events))
    }

    /// The sum of the results of each endpoint.
    pub(crate) fn ended(&self) -> BTreeMap<&str, u64> {
        let mut ended = BTreeMap::new();
        for (key, events) in self.iter() {
            if let Key::Result(endpoint, _) = key {
                *ended.entry(endpoint.as_str()).or_default() += events;
            }
        }
        ended
    }

    /// Each number that is not the same in all three, as a line of a table.
    pub(crate) fn differences(ledger: &Book, snapshot: &Book, otlp: &Book) -> Vec<String> {
        let mut keys: Vec<_> = [ledger, snapshot, otlp]
            .iter()
            .flat_map(|book| book.0.keys())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter()
            .map(|key| (key, [ledger, snapshot, otlp].map(|book| book.get(key))))
            .filter(|(_, [a, b, c])| a != b || b != c)
            .map(|(key, [ledger, snapshot, otlp])| {
                format!("{key}: ledger {ledger}, snapshot {snapshot}, OTLP {otlp}")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_can_differ() {
        let key = || Key::Started("e".to_owned());
        let mut one = Book::default();
        one.add(key(), 1);
        let none = Book::default();
        assert!(Book::differences(&one, &one, &one).is_empty());
        for [a, b, c] in [
            [&none, &one, &one],
            [&one, &none, &one],
            [&one, &one, &none],
        ] {
            assert_eq!(Book::differences(a, b, c).len(), 1);
        }
    }
}
