//! One event, from its start to its only end.

use crate::{
    Endpoint,
    said::Said,
    scope::{self, Scope},
    shared,
    span::Captured,
    unannotated,
};
use slo_model::{Ending, Mark, Until};
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
    /// What the head of the answer announced.
    head: Answered,
    /// How long it may take before someone who waits for it, or limits it, gives up.
    deadline: Option<Duration>,
    span: Captured,
}

/// What an answer says about its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How the event ends, unless the endpoint has its own opinion of the code.
    pub ending: Ending,
    /// The HTTP status or gRPC code that says so.
    pub code: Option<u16>,
}

impl Answered {
    /// An answer without a status.
    pub const fn without_code(ending: Ending) -> Answered {
        Answered { ending, code: None }
    }

    fn judged_by(self, endpoint: &Endpoint) -> Ending {
        let own = |code| endpoint.declaration().statuses.ending(code);
        self.code.and_then(own).unwrap_or(self.ending)
    }
}

/// True where another layer's event is entered that no handler has claimed yet: a layer that
/// finds itself inside another is to pass requests through.
#[inline]
pub fn is_tracked() -> bool {
    scope::is_unclaimed()
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
            head: Answered::without_code(Ending::Completed),
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

    /// Starts an event of this endpoint, whichever handlers it runs into: those are events of
    /// their own.
    pub fn start_of(endpoint: &'static Endpoint, origin: O) -> Track<O> {
        let mut track = Track::start(origin);
        endpoint.start();
        track.scope.said.endpoint = Some(endpoint);
        track
    }

    /// Says that the work is pending. Where no handler has claimed the event yet, it is seen
    /// from now on as one that waits.
    #[inline]
    pub fn pending(&mut self) {
        if self.scope.said.endpoint.is_none() && self.scope.said.waiting.is_none() {
            self.wait();
        }
    }

    #[cold]
    fn wait(&mut self) {
        let origin = &self.origin;
        self.scope.with(|said| said.wait(|| origin.endpoint()));
    }

    /// Says that the head of the answer is there, and what it announces: a client that leaves
    /// while it reads an error has still been given one.
    ///
    /// For endpoints with `until = headers` the event is as good as over: it is measured up
    /// to here, and a client that leaves later has had what was promised.
    #[inline]
    pub fn head(&mut self, answered: Answered) {
        self.head = answered;
        if self.scope.said.endpoint.is_none_or(ends_with_headers) {
            self.headers = Some(self.started.elapsed());
        }
    }

    /// What can be told of the event with the head of its answer, where that is another thing
    /// than the answer's status: the handler's own word, or the endpoint's opinion of the
    /// status.
    pub fn word(&mut self) -> Option<Mark> {
        let said = self.scope.with(|said| *said)?;
        let endpoint = || said.endpoint.or_else(|| self.origin.endpoint());
        said.mark.or_else(|| {
            let code = self.head.code?;
            match endpoint()?.declaration().statuses.ending(code)? {
                Ending::Completed => Some(Mark::Good),
                _ => Some(Mark::Bad),
            }
        })
    }

    /// Says how long the event may take: the client announced it, or a timeout of the server
    /// stands around the layer. Given up after that, the event was not cancelled by an
    /// impatient client; it missed its deadline.
    #[inline]
    pub fn deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    /// Says why the event ends as it does, where nobody said so before.
    pub(crate) fn reason(&mut self, reason: Option<&'static str>) {
        self.scope.with(|said| said.reason = said.reason.or(reason));
    }

    /// Ends the event.
    #[inline]
    pub fn end(mut self, ending: Ending) {
        self.finish(Some(Answered::without_code(ending)));
    }

    /// Ends the event with an answer that was sent to its end.
    #[inline]
    pub fn answered(mut self, answered: Answered) {
        self.finish(Some(answered));
    }

    /// Gives the event up to the one that is entered around it: both stand for the same
    /// work. What a handler said already is kept.
    pub fn hand_over(mut self) {
        if let Some(said) = self.scope.with(|said| *said) {
            scope::adopt(said);
        }
        self.ended = true;
    }

    /// Forgets an event that no handler has claimed: work that was never polled did nothing,
    /// and inside a router it would not even have reached the layer.
    pub fn forget_unclaimed(&mut self) {
        if self.scope.said.endpoint.is_none() && !self.polling {
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

    /// Ends the event, if it has not ended; without an answer where it is dropped.
    #[inline]
    pub(crate) fn finish(&mut self, answered: Option<Answered>) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let said = self.last_word();
        let Some(endpoint) = said.endpoint else {
            return unannotated::count(self.origin.route());
        };
        let headers = self.headers.filter(|_| ends_with_headers(endpoint));
        let ending = match answered {
            Some(answered) => answered.judged_by(endpoint),
            None => self.dropped(endpoint, headers.is_some()),
        };
        let duration = headers.unwrap_or_else(|| self.started.elapsed());
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let level = endpoint.level(nanoseconds);
        let ending = ending.marked(said.mark);
        endpoint.end(ending, level);
        self.span.ended(endpoint, ending, level, said.reason);
    }

    /// All that was said of the event, and the endpoint it belongs to if nobody said that.
    #[inline]
    fn last_word(&mut self) -> Said {
        let origin = &self.origin;
        let last = |said: &mut Said| {
            match said.endpoint {
                Some(claimed) => origin.learn(claimed),
                None => said.settle(|| origin.endpoint()),
            }
            *said
        };
        match self.scope.shared {
            Some(key) => shared::close(key, last).unwrap_or_default(),
            None => last(&mut self.scope.said),
        }
    }

    /// How an event ends that is dropped.
    fn dropped(&self, endpoint: &Endpoint, is_answered: bool) -> Ending {
        if self.polling {
            return Ending::Panicked;
        }
        match self.head.judged_by(endpoint) {
            Ending::Completed if is_answered => Ending::Completed,
            // Nobody waits for a job and could grow impatient: what was not finished failed.
            Ending::Completed if endpoint.is_job() => Ending::DeadlinePassed,
            Ending::Completed if self.missed_its_deadline() => Ending::DeadlinePassed,
            Ending::Completed => Ending::Abandoned,
            failure => failure,
        }
    }
}

impl Track<Own> {
    /// Starts an event of an endpoint that is no request of a layer: a job, a nested call.
    pub(crate) fn own(endpoint: &'static Endpoint) -> Track<Own> {
        Track::start_of(endpoint, Own)
    }
}

fn ends_with_headers(endpoint: &'static Endpoint) -> bool {
    endpoint.declaration().until == Until::Headers
}

impl<O: Origin> Drop for Track<O> {
    fn drop(&mut self) {
        self.finish(None);
        self.scope.said.stop_waiting(None);
        if let Some(key) = self.scope.shared {
            // Given up without an end: what takes part in it takes part in nothing.
            shared::close(key, |said| said.stop_waiting(None));
        }
    }
}
