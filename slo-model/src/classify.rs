//! The one place where the end of an event becomes good, bad or excluded.
//!
//! | how the event ended | result | availability | latency |
//! | --- | --- | --- | --- |
//! | 1xx–3xx, body sent to its end | `ok` | good | good if in time, else bad |
//! | 4xx, other gRPC codes | `client_error` | excluded | excluded |
//! | 5xx, service error, gRPC server faults | `server_error` | bad | excluded |
//! | body failed midway | `body_error` | bad | excluded |
//! | panic | `panicked` | bad | excluded |
//! | client gave up in time | `cancelled` | excluded | excluded |
//! | client gave up late | `timed_out` | excluded | bad |
//! | a deadline passed | `timed_out` | bad | bad |
//! | marked by the handler | `marked_…` | as marked | as marked |
//! | no layer saw its answer, and its value says nothing | `outside_layer` | excluded | excluded |
//!
//! Why these: a client's fault says nothing about the service; a failed answer is counted
//! once, by availability, and has no meaningful latency; an impatient client is the
//! service's fault only if it had reason to be impatient; what nobody saw is not guessed, and
//! an alert says that it is not measured.

use crate::outcome::{EventResult, Outcome};

/// How an event ended, before anything is known about its latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// Answered to its end.
    Completed,
    /// Refused for a fault of the client.
    ClientError,
    /// Failed for a fault of the service.
    ServerError,
    /// The answer broke off after it had begun.
    BodyError,
    /// The code that answered panicked.
    Panicked,
    /// The client gave up, without a deadline that it had announced.
    Abandoned,
    /// A deadline that the client announced or the server set had passed.
    DeadlinePassed,
    /// The handler called it good.
    MarkedGood,
    /// The handler called it bad.
    MarkedBad,
    /// The handler took it out of the count.
    MarkedExcluded,
    /// No layer saw the answer, and what the function returned does not say whether it is good.
    OutsideLayer,
}

/// A handler's own word on its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Good, whatever the answer looks like.
    Good,
    /// Bad, although the answer may look fine.
    Bad,
    /// Not to be counted.
    Excluded,
}

/// What an event counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// How it ended, for `slo.results`.
    pub result: EventResult,
    /// For the availability SLI.
    pub availability: Outcome,
    /// For a latency SLI.
    pub latency: Outcome,
}

impl Ending {
    /// Every ending there is, in the order of [`Ending::index`].
    pub const ALL: &'static [Ending] = &[
        Ending::Completed,
        Ending::ClientError,
        Ending::ServerError,
        Ending::BodyError,
        Ending::Panicked,
        Ending::Abandoned,
        Ending::DeadlinePassed,
        Ending::MarkedGood,
        Ending::MarkedBad,
        Ending::MarkedExcluded,
        Ending::OutsideLayer,
    ];

    /// Returns the place in [`Ending::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Returns the ending an HTTP status announces, if the body then arrives whole.
    ///
    /// Statuses outside 100 to 599 are server errors: no client can make sense of them.
    pub const fn from_http_status(status: u16) -> Ending {
        match status {
            100..400 => Ending::Completed,
            400..500 => Ending::ClientError,
            _ => Ending::ServerError,
        }
    }

    /// Returns the ending a gRPC status code announces; `None` stands for a status that is missing
    /// or can't be read.
    ///
    /// `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE` and
    /// `DATA_LOSS` are faults of the server, as in OpenTelemetry's conventions for spans of
    /// RPC servers; codes gRPC does not define are, too.
    pub const fn from_grpc_status(code: Option<u16>) -> Ending {
        match code {
            Some(0) => Ending::Completed,
            Some(1 | 3 | 5..=11 | 16) => Ending::ClientError,
            _ => Ending::ServerError,
        }
    }

    /// Returns the ending after the handler's own word is heard.
    ///
    /// A mark stands over whatever the answer looked like and over a client that left; it
    /// can't undo a panic, an answer that broke off or a deadline that passed, because the
    /// handler did not know of them when it spoke.
    #[must_use]
    pub const fn marked(self, mark: Option<Mark>) -> Ending {
        let Some(mark) = mark else {
            return self;
        };
        match (self, mark) {
            (Ending::Panicked | Ending::BodyError | Ending::DeadlinePassed, _) => self,
            (_, Mark::Good) => Ending::MarkedGood,
            (_, Mark::Bad) => Ending::MarkedBad,
            (_, Mark::Excluded) => Ending::MarkedExcluded,
        }
    }
}

/// Judges an event by how it ended and whether it was late for a latency threshold.
///
/// ```
/// use slo_model::{Ending, EventResult, Outcome, classify};
/// let verdict = classify(Ending::from_http_status(200), true);
/// assert_eq!(verdict.result, EventResult::Ok);
/// assert_eq!((verdict.availability, verdict.latency), (Outcome::Good, Outcome::Bad));
/// ```
pub const fn classify(ending: Ending, late: bool) -> Verdict {
    use Outcome::{Bad, Excluded, Good};
    let (result, availability, latency) = match (ending, late) {
        (Ending::Completed, false) => (EventResult::Ok, Good, Good),
        (Ending::Completed, true) => (EventResult::Ok, Good, Bad),
        (Ending::ClientError, _) => (EventResult::ClientError, Excluded, Excluded),
        (Ending::ServerError, _) => (EventResult::ServerError, Bad, Excluded),
        (Ending::BodyError, _) => (EventResult::BodyError, Bad, Excluded),
        (Ending::Panicked, _) => (EventResult::Panicked, Bad, Excluded),
        (Ending::Abandoned, false) => (EventResult::Cancelled, Excluded, Excluded),
        (Ending::Abandoned, true) => (EventResult::TimedOut, Excluded, Bad),
        (Ending::DeadlinePassed, _) => (EventResult::TimedOut, Bad, Bad),
        (Ending::MarkedGood, _) => (EventResult::MarkedGood, Good, Good),
        (Ending::MarkedBad, _) => (EventResult::MarkedBad, Bad, Bad),
        (Ending::MarkedExcluded, _) => (EventResult::MarkedExcluded, Excluded, Excluded),
        (Ending::OutsideLayer, _) => (EventResult::OutsideLayer, Excluded, Excluded),
    };
    Verdict {
        result,
        availability,
        latency,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventResult as R;
    use Outcome::{Bad, Excluded, Good};

    type Row = (R, Outcome, Outcome);

    /// The table of the module's documentation: a row per ending, in time and late.
    const TABLE: [(Ending, [Row; 2]); 11] = [
        (Ending::Completed, [(R::Ok, Good, Good), (R::Ok, Good, Bad)]),
        (
            Ending::ClientError,
            [(R::ClientError, Excluded, Excluded); 2],
        ),
        (Ending::ServerError, [(R::ServerError, Bad, Excluded); 2]),
        (Ending::BodyError, [(R::BodyError, Bad, Excluded); 2]),
        (Ending::Panicked, [(R::Panicked, Bad, Excluded); 2]),
        (
            Ending::Abandoned,
            [
                (R::Cancelled, Excluded, Excluded),
                (R::TimedOut, Excluded, Bad),
            ],
        ),
        (Ending::DeadlinePassed, [(R::TimedOut, Bad, Bad); 2]),
        (Ending::MarkedGood, [(R::MarkedGood, Good, Good); 2]),
        (Ending::MarkedBad, [(R::MarkedBad, Bad, Bad); 2]),
        (
            Ending::MarkedExcluded,
            [(R::MarkedExcluded, Excluded, Excluded); 2],
        ),
        (
            Ending::OutsideLayer,
            [(R::OutsideLayer, Excluded, Excluded); 2],
        ),
    ];

    #[test]
    fn every_row_of_the_table() {
        assert_eq!(TABLE.map(|(ending, _)| ending), Ending::ALL);
        for (ending, rows) in TABLE {
            for (late, (result, availability, latency)) in [false, true].into_iter().zip(rows) {
                let expected = Verdict {
                    result,
                    availability,
                    latency,
                };
                assert_eq!(classify(ending, late), expected, "{ending:?}, late: {late}");
            }
        }
    }

    #[test]
    fn endings_are_indexed_in_order() {
        for (i, ending) in Ending::ALL.iter().copied().enumerate() {
            assert_eq!(ending.index(), i);
        }
    }

    #[test]
    fn every_http_status() {
        for status in 0..=u16::MAX {
            let expected = match status {
                100..=399 => Ending::Completed,
                400..=499 => Ending::ClientError,
                _ => Ending::ServerError,
            };
            assert_eq!(Ending::from_http_status(status), expected, "{status}");
        }
    }

    #[test]
    fn every_grpc_status() {
        let server = [2, 4, 12, 13, 14, 15];
        for code in 0..=u16::MAX {
            let expected = match code {
                0 => Ending::Completed,
                c if c > 16 || server.contains(&c) => Ending::ServerError,
                _ => Ending::ClientError,
            };
            assert_eq!(Ending::from_grpc_status(Some(code)), expected, "{code}");
        }
        assert_eq!(Ending::from_grpc_status(None), Ending::ServerError);
    }

    #[test]
    fn marks_stand_but_for_what_the_handler_could_not_know() {
        let unknowable = [Ending::Panicked, Ending::BodyError, Ending::DeadlinePassed];
        for ending in Ending::ALL.iter().copied() {
            assert_eq!(ending.marked(None), ending);
            for (mark, marked) in [
                (Mark::Good, Ending::MarkedGood),
                (Mark::Bad, Ending::MarkedBad),
                (Mark::Excluded, Ending::MarkedExcluded),
            ] {
                let expected = if unknowable.contains(&ending) {
                    ending
                } else {
                    marked
                };
                assert_eq!(ending.marked(Some(mark)), expected, "{ending:?} {mark:?}");
            }
        }
    }
}
