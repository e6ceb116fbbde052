//! What has to be counted for each case.

use crate::{Book, Case};
use Outcome::{Bad, Excluded, Good};
use slo_sdk::{EventResult, Outcome, unannotated::UNMATCHED};

/// One event.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Of an annotated method: its endpoint, how it ended, and what it counts as for
    /// availability and for latency.
    Of(&'static str, EventResult, Outcome, Outcome),
    /// On a path that no annotation knows.
    Unmatched,
}

/// The events of each case, where the server counts.
const ON_SERVER: [(Case, &[Event]); Case::ALL.len()] = [
    (Case::EmptyUnary, &[ok("empty-call")]),
    (Case::LargeUnary, &[ok("unary-call")]),
    (Case::ClientStreaming, &[ok("streaming-input-call")]),
    (Case::ServerStreaming, &[ok("streaming-output-call")]),
    (Case::PingPong, &[ok("full-duplex-call")]),
    (Case::EmptyStream, &[ok("full-duplex-call")]),
    (
        Case::TimeoutOnSleepingServer,
        &[Event::Of(
            "full-duplex-call",
            EventResult::TimedOut,
            Bad,
            Bad,
        )],
    ),
    (Case::CancelAfterBegin, &[cancelled("streaming-input-call")]),
    (
        Case::CancelAfterFirstResponse,
        &[cancelled("full-duplex-call")],
    ),
    // `UNKNOWN`, once in the head of the answer and once in the trailers.
    (
        Case::StatusCodeAndMessage,
        &[failed("unary-call"), failed("full-duplex-call")],
    ),
    (Case::SpecialStatusMessage, &[failed("unary-call")]),
    (
        Case::CustomMetadata,
        &[ok("unary-call"), ok("full-duplex-call")],
    ),
    // Somebody annotated a method and did not write it: every call of it is bad.
    (Case::UnimplementedMethod, &[failed("unimplemented-call")]),
    // Nobody promised anything there.
    (Case::UnimplementedService, &[Event::Unmatched]),
];

/// What the case adds to the server's counts.
pub fn on_server(case: Case) -> Book {
    let row = ON_SERVER.iter().find(|(known, _)| *known == case);
    row.map_or_else(Book::default, |(_, events)| book(events))
}

/// The counts that these events give.
pub fn book(events: &[Event]) -> Book {
    let mut book = Book::default();
    for event in events {
        match *event {
            Event::Of(endpoint, result, availability, latency) => {
                book.result(endpoint, result.as_str(), 1);
                for (sli, outcome) in [("availability", availability), ("latency", latency)] {
                    let valid = u64::from(outcome != Excluded);
                    book.sli(endpoint, sli, outcome.as_str(), valid);
                }
            }
            Event::Unmatched => book.unannotated(UNMATCHED, 1),
        }
    }
    book
}

const fn ok(endpoint: &'static str) -> Event {
    Event::Of(endpoint, EventResult::Ok, Good, Good)
}

const fn failed(endpoint: &'static str) -> Event {
    Event::Of(endpoint, EventResult::ServerError, Bad, Excluded)
}

const fn cancelled(endpoint: &'static str) -> Event {
    Event::Of(endpoint, EventResult::Cancelled, Excluded, Excluded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_row() {
        assert_eq!(ON_SERVER.map(|(case, _)| case), Case::ALL);
    }
}
