//! One event, from its start to its only end.

use crate::{
    Endpoint,
    scope::{self, Scope},
    span::Captured,
    unannotated,
};
use slo_model::{Ending, Until};
use std::time::Duration;

/// What an event belongs to if no handler claims it: requests that are refused before the
/// handler runs, or that never reach one.
pub trait Origin {
    /// The endpoint that serves the origin's route, if it is known.
    fn endpoint(&self) -> Option<&'static Endpoint>;

    /// Remembers that this endpoint serves the route.
    fn learn(&self, endpoint: &'static Endpoint);

    /// The route of an event that no annotation covers, bounded in number; nothing where no
    /// route matched.
    fn route(&self) -> Option<unannotated::Route<'_>>;
}

/// The origin of events that have their endpoint from the start.
#[derive(Clone, Copy, Debug)]
pub struct Own;

impl Origin for Own {
    fn endpoint(&self) -> Option<&'static Endpoint> {
        None
    }

    fn learn(&self, _: &'static Endpoint) {}

    fn route(&self) -> Option<unannotated::Route<'_>> {
        None
    }
}

/// One event, for authors of layers. It travels with the work it stands for, from the
/// future into the body, and ends exactly once: by [`Track::end`], or when it is dropped.
///
/// Dropped while the work was being polled, the event ends as a panic; dropped at any other
/// moment, as given up. `std::thread::panicking()` would not do: a panic that someone catches
/// further out is over when the future is dropped.
#[derive(Debug)]
pub struct Track<O: Origin = Own> {
    started: quanta::Instant,
    origin: O,
    scope: Scope,
    /// True while the work is being polled.
    polling: bool,
    /// True once there is nothing left to count.
    ended: bool,
    /// When the head of the answer was there.
    headers: Option<Duration>,
    /// How the event ends if it is dropped between two polls.
    dropped: Ending,
    /// How long it may take before someone who waits for it, or limits it, gives up.
    deadline: Option<Duration>,
    span: Captured,
}

/// True where another layer's event is entered that no handler has claimed yet: a layer that
/// finds itself inside another is to pass requests through.
#[inline]
pub fn is_tracked() -> bool {
    let scope = scope::current();
    scope.active && scope.endpoint.is_none()
}

impl<O: Origin> Track<O> {
    /// Starts an event that some handler will claim.
    #[inline]
    pub fn start(origin: O) -> Track<O> {
        Track {
            started: quanta::Instant::now(),
            origin,
            scope: Scope {
                active: true,
                ..Scope::default()
            },
            polling: false,
            ended: false,
            headers: None,
            dropped: Ending::Abandoned,
            deadline: None,
            span: Captured::current(),
        }
    }

    /// Runs a piece of the work within the event: a handler polled in `f` claims it.
    #[inline]
    pub fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.polling = true;
        let result = self.scope.enter(&mut self.span, f);
        self.polling = false;
        result
    }

    /// True while the work is being polled, and ever after if it panicked.
    pub fn is_polling(&self) -> bool {
        self.polling
    }

    /// Says that the head of the answer is there. For endpoints with `until = headers` the
    /// event is as good as over: it is measured up to here, and a client that leaves later
    /// has had what was promised.
    #[inline]
    pub fn headers(&mut self) {
        let measured = self.scope.endpoint.is_none_or(ends_with_headers);
        if measured {
            self.headers = Some(self.started.elapsed());
        }
    }

    /// Says how long the event may take: the client announced it, or a timeout of the server
    /// stands around the layer. Given up after that, the event was not cancelled by an
    /// impatient client; it missed its deadline.
    #[inline]
    pub fn deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    /// Says that the event has failed already, whatever becomes of the rest of the answer: a
    /// client that leaves while it reads an error has still been given one.
    #[inline]
    pub fn failed(&mut self, ending: Ending) {
        self.dropped = ending;
    }

    /// Says why the event ends as it does, where nobody said so before.
    pub(crate) fn reason(&mut self, reason: Option<&'static str>) {
        self.scope.reason = self.scope.reason.or(reason);
    }

    /// Ends the event.
    #[inline]
    pub fn end(mut self, ending: Ending) {
        self.finish(ending);
    }

    /// Gives the event up to the one that is entered around it: both stand for the same
    /// work. What a handler said already is kept.
    pub fn hand_over(mut self) {
        scope::adopt(self.scope);
        self.ended = true;
    }

    /// Forgets an event that no handler has claimed: work that was never polled did nothing,
    /// and inside a router it would not even have reached the layer.
    pub fn forget_unclaimed(&mut self) {
        if self.scope.endpoint.is_none() && !self.polling {
            self.ended = true;
        }
    }

    /// True also just before the deadline: its timer was started elsewhere, by the client or
    /// by a layer further out, and what it ends may be seen here a little earlier.
    fn missed_its_deadline(&self) -> bool {
        const EARLY: Duration = Duration::from_millis(1);
        self.deadline.is_some_and(|deadline| {
            self.started.elapsed() >= deadline.saturating_sub(EARLY + deadline / 100)
        })
    }

    #[inline]
    pub(crate) fn finish(&mut self, ending: Ending) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let endpoint = match self.scope.endpoint {
            Some(claimed) => {
                self.origin.learn(claimed);
                claimed
            }
            None => match self.origin.endpoint() {
                Some(known) => {
                    known.start();
                    known
                }
                None => return unannotated::count(self.origin.route()),
            },
        };
        let headers = self.headers.filter(|_| ends_with_headers(endpoint));
        let ending = match ending {
            Ending::Abandoned | Ending::DeadlinePassed if headers.is_some() => Ending::Completed,
            ending => ending,
        };
        let duration = headers.unwrap_or_else(|| self.started.elapsed());
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let level = endpoint.level(nanoseconds);
        let ending = ending.marked(self.scope.mark);
        endpoint.end(ending, level);
        self.span.ended(endpoint, ending, level, self.scope.reason);
    }
}

impl Track<Own> {
    /// Starts an event of an endpoint that is no request of a layer: a job, a nested call.
    pub(crate) fn own(endpoint: &'static Endpoint) -> Track<Own> {
        endpoint.start();
        let mut track = Track::start(Own);
        track.scope.endpoint = Some(endpoint);
        if endpoint.is_job() {
            // Nobody waits for a job and could grow impatient: what was not finished failed.
            track.dropped = Ending::DeadlinePassed;
        }
        track
    }
}

fn ends_with_headers(endpoint: &Endpoint) -> bool {
    endpoint.declaration().until == Until::Headers
}

impl<O: Origin> Drop for Track<O> {
    fn drop(&mut self) {
        self.finish(if self.polling {
            Ending::Panicked
        } else if self.dropped == Ending::Abandoned && self.missed_its_deadline() {
            Ending::DeadlinePassed
        } else {
            self.dropped
        });
    }
}
