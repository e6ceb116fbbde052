//! What an event counts as.

use std::fmt;

/// What one event means for one SLI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Valid, and as promised.
    Good,
    /// Valid, and not as promised: it uses up error budget.
    Bad,
    /// Not valid for this SLI: it is counted in neither.
    Excluded,
}

impl Outcome {
    /// Returns the value of the attribute `slo.outcome`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Good => "good",
            Outcome::Bad => "bad",
            Outcome::Excluded => "excluded",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How an event ended, as exported in the attribute `slo.result`. Each event has exactly
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EventResult {
    /// Answered to its end.
    Ok,
    /// Refused for a fault of the client.
    ClientError,
    /// Failed for a fault of the service.
    ServerError,
    /// The answer broke off after it had begun.
    BodyError,
    /// The code that answered panicked.
    Panicked,
    /// The client gave up while it still could have been answered in time.
    Cancelled,
    /// A deadline passed, or the client gave up when it was already too late.
    TimedOut,
    /// The handler called it good.
    MarkedGood,
    /// The handler called it bad.
    MarkedBad,
    /// The handler took it out of the count.
    MarkedExcluded,
    /// No layer saw the answer, and what the function returned does not say whether it is good.
    OutsideLayer,
}

impl EventResult {
    /// Every result there is, in the order of [`EventResult::index`].
    pub const ALL: &'static [EventResult] = &[
        EventResult::Ok,
        EventResult::ClientError,
        EventResult::ServerError,
        EventResult::BodyError,
        EventResult::Panicked,
        EventResult::Cancelled,
        EventResult::TimedOut,
        EventResult::MarkedGood,
        EventResult::MarkedBad,
        EventResult::MarkedExcluded,
        EventResult::OutsideLayer,
    ];

    /// Returns the place in [`EventResult::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Returns the value of the attribute `slo.result`.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventResult::Ok => "ok",
            EventResult::ClientError => "client_error",
            EventResult::ServerError => "server_error",
            EventResult::BodyError => "body_error",
            EventResult::Panicked => "panicked",
            EventResult::Cancelled => "cancelled",
            EventResult::TimedOut => "timed_out",
            EventResult::MarkedGood => "marked_good",
            EventResult::MarkedBad => "marked_bad",
            EventResult::MarkedExcluded => "marked_excluded",
            EventResult::OutsideLayer => "outside_layer",
        }
    }
}

impl fmt::Display for EventResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_indexed_in_order() {
        for (i, result) in EventResult::ALL.iter().copied().enumerate() {
            assert_eq!(result.index(), i);
        }
    }
}
