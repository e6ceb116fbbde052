//! How long an event may take.

use super::origin::NEVER;
use std::time::Duration;

/// How long an event may take before someone who waits for it, or limits it, gives up: the
/// client announced it, or a timeout of the server stands around the layer. Given up after
/// that, the event was not cancelled by an impatient client; it missed its deadline.
///
/// The shorter one is the smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub(super) u64);

impl Deadline {
    /// As long as it likes.
    pub const NONE: Deadline = Deadline(NEVER);

    /// After this time, counted from the start of the event.
    pub fn after(time: Duration) -> Deadline {
        Deadline(u64::try_from(time.as_nanos()).unwrap_or(NEVER))
    }
}

impl Default for Deadline {
    fn default() -> Deadline {
        Deadline::NONE
    }
}
