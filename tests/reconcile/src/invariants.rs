//! What holds for every snapshot and every export, at any moment.

use crate::book::{Book, Key};
use std::collections::BTreeMap;

/// Counters never decrease, and none is behind what was certainly counted before.
pub(crate) fn behind(book: &Book, earlier: &Book, what: &str) -> Vec<String> {
    let counters = earlier.iter().filter(|(key, _)| !is_gauge(key));
    counters
        .map(|(key, floor)| (key, floor, book.get(key)))
        .filter(|(_, floor, seen)| seen < floor)
        .map(|(key, floor, seen)| format!("{key} is {seen}, but was {floor} {what}"))
        .collect()
}

/// No counter is ahead of what can have been counted.
pub(crate) fn ahead(book: &Book, ceiling: &Book, what: &str) -> Vec<String> {
    let counters = book.iter().filter(|(key, _)| !is_gauge(key));
    counters
        .map(|(key, seen)| (key, seen, ceiling.get(key)))
        .filter(|(_, seen, most)| seen > most)
        .map(|(key, seen, most)| format!("{key} is {seen}, but only {most} {what}"))
        .collect()
}

/// `Σ results + in flight = started`, and no SLI has more events than ended.
pub(crate) fn sums(book: &Book) -> Vec<String> {
    let mut wrong = Vec::new();
    let ended = book.ended();
    let mut of_slis = BTreeMap::<(&str, &str), u64>::new();
    for (key, events) in book.iter() {
        if let Key::Sli(endpoint, sli, _) = key {
            *of_slis.entry((endpoint, sli)).or_default() += events;
        }
    }
    for ((endpoint, sli), events) in of_slis {
        let ended = ended.get(endpoint).copied().unwrap_or(0);
        if events > ended {
            wrong.push(format!(
                "{endpoint} {sli}: good + bad {events} > {ended} results"
            ));
        }
    }
    for (endpoint, ended) in ended {
        let started = book.get(&Key::Started(endpoint.to_owned()));
        let in_flight = book.get(&Key::InFlight(endpoint.to_owned()));
        if ended + in_flight != started {
            wrong.push(format!(
                "{endpoint}: {ended} results + {in_flight} in flight ≠ {started} started"
            ));
        }
    }
    wrong
}

fn is_gauge(key: &Key) -> bool {
    matches!(key, Key::InFlight(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_sdk::{EventResult, Outcome};

    fn book(started: u64, ok: u64, good: u64) -> Book {
        let mut book = Book::default();
        book.add(Key::Started("e".to_owned()), started);
        book.add(Key::InFlight("e".to_owned()), 1);
        book.add(Key::result("e", EventResult::Ok), ok);
        book.add(Key::sli("e", "latency", Outcome::Good), good);
        book
    }

    #[test]
    fn each_can_be_broken() {
        let fine = book(3, 2, 2);
        assert!(sums(&fine).is_empty());
        assert_eq!(sums(&book(4, 2, 2)).len(), 1);
        assert_eq!(sums(&book(3, 2, 3)).len(), 1);
        let later = book(4, 3, 2);
        assert!(behind(&later, &fine, "").is_empty() && ahead(&fine, &later, "").is_empty());
        assert_eq!(behind(&fine, &later, "").len(), 2);
        assert_eq!(ahead(&later, &fine, "").len(), 2);
    }
}
