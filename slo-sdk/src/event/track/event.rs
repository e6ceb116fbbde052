//! One event, from its start to its only end.

use super::{
    Answered, BodyPhase, Deadline, Origin, Own,
    ending::{bound_for, served_by},
    origin::Rare,
};
use crate::{
    Consumer, Endpoint,
    clock::Moment,
    event::{
        claim::{ClaimState, Doubt},
        reason::Reason,
        scope::{self, Scope},
        shared,
        span::Captured,
        trace::TraceContext,
    },
    event_log,
};
use slo_model::{Ending, Mark, Outcome, classify};
use std::{
    sync::atomic::{AtomicU8, Ordering::Relaxed},
    thread,
};

/// One event, for authors of layers. It travels with the work it stands for, from the
/// future into the body, and ends exactly once: by [`Track::end`], or when it is dropped.
///
/// Dropped while the work was being polled, the event ends as a panic; dropped at any other
/// moment, as given up. `std::thread::panicking()` alone would not do: a panic that someone
/// catches further out is over when the future is dropped. See [`Track::begin_drop`].
#[derive(Debug)]
pub struct Track<O: Origin = Own> {
    pub(super) started: Moment,
    /// When someone who waits for it, or limits it, gives up.
    pub(super) deadline: Deadline,
    pub(super) origin: O,
    pub(super) scope: Scope,
    /// What is being done with the work: one of the constants below. Atomic only because a panic
    /// may be found out behind a shared reference.
    work: AtomicU8,
    /// True once there is nothing left to count.
    pub(super) ended: bool,
    /// Who called, where consumers are told apart.
    pub(super) consumer: Option<Consumer>,
    pub(super) span: Captured,
}

/// Nothing is being done with the work, which has not been polled.
const IDLE: u8 = 0;
/// The work is being polled, or has panicked.
const POLLED: u8 = 1;
/// The work is being dropped, and nothing had panicked before.
const DROPPED: u8 = 2;
/// Nothing is being done with the work, which has been polled.
const PAUSED: u8 = 3;

/// With the feature `off` an event has ended before it starts.
const OFF: bool = cfg!(feature = "off");

impl<O: Origin> Track<O> {
    /// Starts an event that some handler will claim.
    #[inline]
    pub fn start(origin: O, deadline: Deadline) -> Track<O> {
        Track::start_at(Moment::now(), origin, deadline)
    }

    /// The same for an event that started a moment ago.
    #[inline]
    pub fn start_at(started: Moment, origin: O, deadline: Deadline) -> Track<O> {
        Track {
            started,
            deadline,
            origin,
            scope: Scope {
                claim: if OFF {
                    ClaimState::OUTSIDE
                } else {
                    ClaimState::UNCLAIMED
                },
            },
            work: AtomicU8::new(IDLE),
            ended: OFF,
            consumer: None,
            span: Captured::current(),
        }
    }

    /// Runs a piece of the work within the event: a handler polled in `f` claims it.
    #[inline]
    pub fn enter<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let entered = self.enter_guard();
        let result = f();
        entered.leave();
        result
    }

    /// Enters the event on this thread until [`EnterGuard::leave`], for work whose answer is too
    /// large to be passed through a closure.
    #[inline]
    pub fn enter_guard(&mut self) -> EnterGuard<'_> {
        let work = self.work.get_mut();
        *work = POLLED;
        EnterGuard {
            work,
            scope: self.scope.enter(&mut self.span),
        }
    }

    /// Returns `true` while the work is being polled, and ever after if it panicked.
    pub fn is_polling(&self) -> bool {
        self.work.load(Relaxed) == POLLED
    }

    /// The work is not being polled any more, after [`EnterGuard::step_out`].
    #[inline]
    pub fn pause(&mut self) {
        *self.work.get_mut() = PAUSED;
    }

    /// Returns `true` until the first [`Track::pause`], while the work is not being polled.
    #[inline]
    pub fn is_unpolled(&mut self) -> bool {
        *self.work.get_mut() == IDLE
    }

    /// Says that the work has panicked where it was not polled, but asked for something.
    #[cold]
    pub fn set_panicked(&self) {
        self.work.store(POLLED, Relaxed);
    }

    /// Says that the work is about to be dropped, before the event has ended and before the track
    /// is: a panic from here on is the work's own. False where one is under way or has been, so
    /// that nothing of the work may be asked any more.
    ///
    /// Dropped by a panic within no other event, the event ends as a panic, whoever panicked:
    /// nobody who waited for it has given up. Within another event, the panic is that one's.
    pub fn begin_drop(&mut self) -> bool {
        let work = self.work.get_mut();
        if *work == POLLED {
            return false;
        }
        if thread::panicking() {
            if !scope::current().claim.is_event() {
                *work = POLLED;
            }
            return false;
        }
        *work = DROPPED;
        true
    }

    pub(super) fn has_panicked(&self) -> bool {
        match self.work.load(Relaxed) {
            POLLED => true,
            DROPPED => thread::panicking(),
            _ => false,
        }
    }

    /// Starts an event of this endpoint, whichever handlers it runs into: those are separate
    /// events.
    pub fn start_for(endpoint: &'static Endpoint, origin: O, deadline: Deadline) -> Track<O> {
        let mut track = Track::start(origin, deadline);
        if !OFF {
            endpoint.start();
            track.scope.claim = ClaimState::claimed_by(endpoint);
        }
        track
    }

    /// Returns what the event belongs to.
    #[inline]
    pub fn origin(&self) -> &O {
        &self.origin
    }

    /// Says whose work it is, where consumers are told apart.
    #[inline]
    #[must_use]
    pub fn with_consumer(mut self, consumer: Option<Consumer>) -> Track<O> {
        self.consumer = consumer;
        self
    }

    /// Says that the work is pending. Where no handler has claimed the event yet, it is seen
    /// from now on as one that waits.
    #[inline]
    pub fn set_pending(&mut self) {
        if self.scope.claim.is_unclaimed() {
            self.wait();
        }
    }

    #[cold]
    fn wait(&mut self) {
        let origin = &self.origin;
        self.scope.with(|claim| {
            let doubt = claim.doubt();
            claim.start_waiting(|| bound_for(origin, None, doubt));
        });
    }

    /// Returns what the head of the answer announced; a success as long as there is none.
    #[inline]
    pub fn head_status(&self) -> Answered {
        self.origin
            .head()
            .map_or(Answered::without_code(Ending::Completed), |head| {
                head.answered
            })
    }

    /// Returns the event from the head of its answer on, without what its origin was needed for
    /// until then. This one has nothing left to count.
    ///
    /// What the head announces is kept: a client that leaves while it reads an error has still
    /// been given one. The deadline is the one that remains.
    ///
    /// For endpoints with `until = headers` the event is as good as over: it is measured up
    /// to here, and a client that leaves later has had what was promised.
    #[inline]
    pub fn begin_body(&mut self, answered: Answered, deadline: Deadline) -> Track<BodyPhase> {
        let rare = match self.scope.claim.plain_endpoint() {
            Some(endpoint)
                if !endpoint.ends_with_headers() && answered.ending == Ending::Completed =>
            {
                self.origin.learn(endpoint);
                Rare::NONE
            }
            _ => self.begin_body_rarely(answered),
        };
        let ended = std::mem::replace(&mut self.ended, true);
        Track {
            started: self.started,
            deadline,
            origin: BodyPhase { answered, rare },
            scope: self.scope,
            work: AtomicU8::new(IDLE),
            ended,
            consumer: self.consumer,
            span: self.span.take(),
        }
    }

    #[cold]
    #[inline(never)]
    fn begin_body_rarely(&mut self, answered: Answered) -> Rare {
        let claimed = self.scope.with(|claim| claim.endpoint()).flatten();
        let mut rare = Rare::NONE;
        match claimed {
            Some(endpoint) => {
                self.origin.learn(endpoint);
                self.keep_head(endpoint, answered);
                if !endpoint.ends_with_headers() {
                    return rare;
                }
            }
            None => {
                let doubt = self.scope.doubt();
                rare.endpoint = served_by(&self.origin, Some(answered), doubt);
                if let Some(endpoint) = rare.endpoint {
                    self.keep_head(endpoint, answered);
                }
                if rare.endpoint.is_none() && doubt == Doubt::None {
                    rare.counter = self.origin.unannotated(Some(answered));
                }
            }
        }
        rare.at = self.started.elapsed();
        rare
    }

    /// Returns what can be told of the event with the head of its answer, where that is another
    /// thing than the answer's status: the handler's own word, or the endpoint's opinion of the
    /// status.
    pub fn mark_for_gateway(&mut self, answered: Answered) -> Option<Mark> {
        let claim = self.scope.with(|claim| *claim)?;
        let bound_for = || bound_for(&self.origin, Some(answered), claim.doubt());
        let endpoint = || claim.endpoint().or_else(bound_for);
        claim.handler_mark().or_else(|| {
            let code = answered.code()?;
            match endpoint()?.opinion_of(code)? {
                Ending::Completed => Some(Mark::Good),
                _ => Some(Mark::Bad),
            }
        })
    }

    /// Keeps what the log record of a bad answer says and the body does not know any more: what
    /// OpenTelemetry has entered here is the request's, and is not by the time the body ends.
    fn keep_head(&mut self, endpoint: &Endpoint, answered: Answered) {
        let ending = answered.judged_by(endpoint);
        let is_bad = classify(ending, false).availability == Outcome::Bad;
        if is_bad && event_log::has_room(endpoint) {
            let origin = &self.origin;
            shared::keep(&mut self.scope, |context| {
                context.trace = TraceContext::current().or(context.trace);
                context.route = origin.template();
            });
        }
    }

    /// Keeps the trace that the caller says the request belongs to, in the form of W3C's
    /// `traceparent`, for the log record of a bad event. What is not one is ignored.
    #[cold]
    pub fn keep_traceparent(&mut self, traceparent: &str) {
        if event_log::is_on()
            && let Some(trace) = TraceContext::from_traceparent(traceparent)
        {
            shared::keep(&mut self.scope, |context| context.trace = Some(trace));
        }
    }

    /// Says why the event ends as it does, where nobody said so before.
    pub(crate) fn reason(&mut self, reason: Option<&'static str>) {
        let reason = Reason::new(reason);
        self.scope.with(|claim| claim.explain(reason));
    }

    /// Forgets an event that no handler has claimed: work that was never polled did nothing,
    /// and inside a router it would not even have reached the layer.
    #[cold]
    pub fn forget_unclaimed(&mut self) {
        if self.scope.claim.endpoint().is_none() && !self.is_polling() {
            self.discard();
        }
    }

    /// Leaves nothing to count: what takes part in the event takes part in nothing.
    pub(super) fn discard(&mut self) {
        self.ended = true;
        self.scope.claim.stop_waiting(None);
        if let Some(key) = self.scope.shared() {
            shared::close(key, |claim| claim.stop_waiting(None));
        }
    }
}

/// An event that is entered on this thread; made by [`Track::enter_guard`].
#[derive(Debug)]
#[must_use = "work that is not done in here is not the event's"]
pub struct EnterGuard<'a> {
    work: &'a mut u8,
    scope: scope::ScopeGuard<'a>,
}

impl EnterGuard<'_> {
    /// The piece of work is done. Dropped without this, as by a panic, the work can't go on,
    /// and the event ends as a panic.
    #[inline]
    pub fn leave(self) {
        *self.work = IDLE;
    }

    /// Returns `true` if this event is entered within another one that no handler has claimed yet;
    /// see [`is_tracked`](crate::layer::is_tracked).
    #[inline]
    pub fn is_tracked(&self) -> bool {
        self.scope.is_within_unclaimed()
    }

    /// Leaves the event before the piece of work is done: what the caller still asks of it runs
    /// outside the event, and a panic there is the event's until [`Track::pause`], its end or
    /// [`Track::begin_body`].
    #[inline]
    pub fn step_out(self) {}
}

impl Track<Own> {
    /// Starts an event of an endpoint that is not a request of a layer: a job, a nested call.
    pub(crate) fn own(endpoint: &'static Endpoint) -> Track<Own> {
        Track::start_for(endpoint, Own, Deadline::NONE)
    }
}
