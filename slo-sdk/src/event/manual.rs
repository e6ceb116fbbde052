//! Events that are started and ended by hand.

use crate::{
    Endpoint,
    event::track::{Answered, Track},
};
use slo_model::Ending;

/// An event of an endpoint, started by [`Endpoint::event`].
///
/// It ends exactly once. Dropped without a word it has panicked if the thread is panicking,
/// and was given up otherwise; given up is bad for a job (`every = …`), excluded for
/// anything else.
#[derive(Debug)]
#[must_use = "an event that is dropped at once counts as given up"]
pub struct Event {
    track: Track,
}

impl Endpoint {
    /// Starts an event; its latency counts from here.
    pub fn event(&'static self) -> Event {
        Event {
            track: Track::own(self),
        }
    }
}

impl Event {
    /// Ends it as good; late or in time is measured.
    pub fn good(self) {
        self.end(Ending::Completed, None);
    }

    /// Ends it as failed. The reason goes to the event's span and log record, never to a
    /// metric.
    pub fn bad(self, reason: &'static str) {
        self.end(Ending::ServerError, Some(reason));
    }

    /// Takes it out of the count.
    pub fn exclude(self) {
        self.end(Ending::MarkedExcluded, None);
    }

    /// Runs some work within the event: [`current`](crate::current) there is this event, and
    /// a mark that the work sets stands.
    pub fn enter<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.track.enter(work)
    }

    fn end(mut self, ending: Ending, reason: Option<&'static str>) {
        self.track.reason(reason);
        self.track.finish(Some(Answered::without_code(ending)));
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        // Nobody polls an event, so this is how it learns of a panic. Nothing is left to count
        // if it has ended.
        if std::thread::panicking() {
            self.track
                .finish(Some(Answered::without_code(Ending::Panicked)));
        }
    }
}
