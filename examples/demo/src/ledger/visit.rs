//! One request at one endpoint.

use std::time::Duration;

/// One request at one endpoint, with what the client knows about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// Name of the service, as in `service.name`.
    pub(crate) service: &'static str,
    /// Name of the endpoint.
    pub(crate) endpoint: &'static str,
    /// How it ended.
    pub(crate) ended: Ended,
    /// It took at least this long: the endpoint held it up, or those behind did.
    pub(crate) at_least: Duration,
    /// It took at most this long: what the client measured, less what others held it up.
    pub(crate) at_most: Duration,
    /// True where the client can't know whether the request came so far.
    pub(crate) doubtful: bool,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With an answer.
    Answered,
    /// With an answer that was said to be out of date.
    Stale,
    /// Refused, for a fault of the client.
    Refused,
    /// Failed, for a fault of the service.
    Failed,
    /// With a panic.
    Panicked,
    /// The client gave up.
    GivenUp,
}
