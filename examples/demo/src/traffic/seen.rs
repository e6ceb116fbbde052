//! What the client saw.

use super::{Ask, Plan};
use shop_process::{RequestId, Trail};
use std::time::Duration;

/// One request, as the client knows it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// Its name.
    pub(crate) id: RequestId,
    /// What was asked.
    pub(crate) ask: Ask,
    /// What had to happen.
    pub(crate) plan: Plan,
    /// What did.
    pub(crate) seen: Seen,
    /// From just before it was sent until just after all was seen.
    pub(crate) took: Duration,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A whole answer; the status is gRPC's where that was spoken.
    Answer {
        /// Its status.
        status: u16,
        /// Its trail.
        trail: Trail,
        /// True where it says that it is out of date.
        stale: bool,
    },
    /// A connection that ended without an answer.
    Broken,
    /// Nothing: the client gave up, and then saw the server let go of the connection. The
    /// server had worked on it for at least this long.
    GaveUp(Duration),
    /// Something that must not happen.
    Trouble(String),
}
