//! A handler's word on its own event.

use crate::event::scope;
use slo_model::Mark;

/// The event that the running code belongs to, to be marked where its answer does not tell
/// the whole truth: a cached value that is too old, a partial result, a test request.
///
/// Works in a handler, in what it calls without spawning, and in the stream that produces
/// its body; work that it spawns takes part [`in_current_slo`](crate::InCurrentSlo). The
/// last mark stands. Outside any event, and after its end, nothing happens and the methods
/// return `false`.
///
/// ```
/// // 200 OK, but not what the user was promised:
/// slo_sdk::current().bad("stale");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Current(());

/// Returns the event that the running code belongs to.
pub fn current() -> Current {
    Current(())
}

impl Current {
    /// Returns `true` inside an event.
    pub fn is_active(self) -> bool {
        scope::current().claim.is_event()
    }

    /// Counts the event as good, whatever its answer looks like.
    pub fn good(self) -> bool {
        scope::mark(Mark::Good, None)
    }

    /// Counts the event as bad. The reason goes to the event's span and log record, never
    /// to a metric.
    pub fn bad(self, reason: &'static str) -> bool {
        scope::mark(Mark::Bad, Some(reason))
    }

    /// Takes the event out of the count.
    pub fn exclude(self) -> bool {
        scope::mark(Mark::Excluded, None)
    }

    /// Takes over what a service further in said of its part of the event. What the handler
    /// said itself stands, and so does the first word of several, but bad outweighs.
    pub fn relay(self, word: Mark) -> bool {
        scope::relay(word)
    }
}
