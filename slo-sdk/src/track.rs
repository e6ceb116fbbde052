//! One event, from its start to its only end.

use crate::{
    Consumer, Endpoint,
    clock::Moment,
    said::Said,
    scope::{self, Scope},
    shared,
    span::{Captured, Reason},
    unannotated::Counter,
};
use slo_model::{Ending, Mark};
use std::{
    sync::atomic::{AtomicU8, Ordering::Relaxed},
    thread,
    time::Duration,
};

/// What an event belongs to if no handler claims it: requests that are refused before the
/// handler runs, or that never reach one.
///
/// `answer` is the head of the answer, or `None` where there is none yet, or will be none.
pub trait Origin {
    /// The endpoint that serves the origin's route, if it is known.
    fn endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint>;

    /// Remembers that this endpoint serves the route.
    fn learn(&self, endpoint: &'static Endpoint);

    /// Remembers that the route was answered with success by somebody who claimed nothing, so
    /// that nothing learnt of it holds.
    fn served_unclaimed(&self) {}

    /// What counts an event that no annotation covers; `None` if it counts nowhere.
    fn unannotated(&self, answer: Option<Answered>) -> Option<Counter>;

    /// The head of the answer, once it is there.
    fn head(&self) -> Option<Head> {
        None
    }

    /// True where nobody sees the answer that the event is about, however the work ends.
    #[inline]
    fn is_unseen(&self) -> bool {
        false
    }
}

/// The origin of events that have their endpoint from the start.
#[derive(Clone, Copy, Debug)]
pub struct Own;

impl Origin for Own {
    fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
        None
    }

    fn learn(&self, _: &'static Endpoint) {}

    fn unannotated(&self, _: Option<Answered>) -> Option<Counter> {
        Some(Counter::UNMATCHED)
    }
}

/// The head of an answer, as it counts for its event.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    answered: Answered,
    /// Nanoseconds until it was there, or [`NEVER`] where nobody measures up to it.
    at: u64,
}

/// What is left of the origin of an event whose answer has begun.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// The endpoint its route is known to be, if no handler has claimed it.
    endpoint: Option<&'static Endpoint>,
    counter: Option<Counter>,
    head: Head,
}

impl Origin for Settled {
    fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
        self.endpoint
    }

    fn learn(&self, _: &'static Endpoint) {}

    fn unannotated(&self, _: Option<Answered>) -> Option<Counter> {
        self.counter
    }

    #[inline]
    fn head(&self) -> Option<Head> {
        Some(self.head)
    }
}

/// One event, for authors of layers. It travels with the work it stands for, from the
/// future into the body, and ends exactly once: by [`Track::end`], or when it is dropped.
///
/// Dropped while the work was being polled, the event ends as a panic; dropped at any other
/// moment, as given up. `std::thread::panicking()` alone would not do: a panic that someone
/// catches further out is over when the future is dropped. See [`Track::dropping`].
#[derive(Debug)]
pub struct Track<O: Origin = Own> {
    started: Moment,
    /// When someone who waits for it, or limits it, gives up.
    deadline: Deadline,
    origin: O,
    scope: Scope,
    /// What is being done with the work: one of the constants below. Atomic only because a panic
    /// may be found out behind a shared reference.
    work: AtomicU8,
    /// True once there is nothing left to count.
    ended: bool,
    /// Who called, where consumers are told apart.
    consumer: Option<Consumer>,
    span: Captured,
}

const NEVER: u64 = u64::MAX;

/// Nothing is being done with the work.
const IDLE: u8 = 0;
/// The work is being polled, or has panicked.
const POLLED: u8 = 1;
/// The work is being dropped, and nothing had panicked before.
const DROPPED: u8 = 2;

/// With the feature `off` an event has ended before it starts.
const OFF: bool = cfg!(feature = "off");

/// How long an event may take before someone who waits for it, or limits it, gives up: the
/// client announced it, or a timeout of the server stands around the layer. Given up after
/// that, the event was not cancelled by an impatient client; it missed its deadline.
///
/// The shorter one is the smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(u64);

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

/// What an answer says about its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How the event ends, unless the endpoint has its own opinion of the code.
    pub ending: Ending,
    /// The code and one, or 0 for none: it travels in a register.
    code_and_one: u16,
}

impl Answered {
    /// An answer that ends so, unless the endpoint has its own opinion of this HTTP status or
    /// gRPC code.
    #[inline]
    pub const fn new(ending: Ending, code: Option<u16>) -> Answered {
        Answered {
            ending,
            code_and_one: match code {
                // No protocol has a code so high.
                None | Some(u16::MAX) => 0,
                Some(code) => code + 1,
            },
        }
    }

    /// An answer without a status.
    #[inline]
    pub const fn without_code(ending: Ending) -> Answered {
        Answered::new(ending, None)
    }

    /// The HTTP status or gRPC code.
    #[inline]
    pub const fn code(self) -> Option<u16> {
        self.code_and_one.checked_sub(1)
    }

    /// True for 1xx–3xx and gRPC's `OK`, whatever anybody thinks of them.
    pub fn is_success(self) -> bool {
        const OK: u16 = 0;
        const ERRORS: u16 = 400;
        const GRPC_CODES: u16 = 100;
        match self.code() {
            Some(code) if code < GRPC_CODES => code == OK,
            Some(status) => status < ERRORS,
            None => self.ending == Ending::Completed,
        }
    }

    #[inline]
    fn judged_by(self, endpoint: &Endpoint) -> Ending {
        let opinion = |code| endpoint.opinion_of(code);
        self.code().and_then(opinion).unwrap_or(self.ending)
    }
}

/// True where another layer's event is entered that no handler has claimed yet: a layer that
/// finds itself inside another is to pass requests through.
#[inline]
pub fn is_tracked() -> bool {
    scope::is_unclaimed()
}

/// True where the request of the event that is entered carries a mark of its layer, so that
/// another layer can tell it from a request made anew.
pub fn is_marked() -> bool {
    scope::update(|scope| scope.with(|said| said.is_marked())) == Some(true)
}

/// Says that the request of the event that is entered has passed a second layer.
pub fn set_doubled() {
    scope::update(|scope| scope.with(Said::set_doubled));
}

/// True where the request of the event that is entered has passed a second layer.
pub fn is_doubled() -> bool {
    scope::update(|scope| scope.with(|said| said.is_doubled())) == Some(true)
}

/// Makes the event that is entered one of this endpoint, if it is nobody's yet; for layers that
/// know the endpoint of a request that another layer counts. False outside any event, and where
/// another endpoint was first.
pub fn claim(endpoint: &'static Endpoint) -> bool {
    scope::claim(endpoint)
}

impl<O: Origin> Track<O> {
    /// Starts an event that some handler will claim.
    #[inline]
    pub fn start(origin: O, deadline: Deadline) -> Track<O> {
        Track::started(Moment::now(), origin, deadline)
    }

    /// The same for an event that started a moment ago.
    #[inline]
    pub fn started(started: Moment, origin: O, deadline: Deadline) -> Track<O> {
        Track {
            started,
            deadline,
            origin,
            scope: Scope {
                said: if OFF { Said::NOTHING } else { Said::NOBODYS },
                shared: None,
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
        let entered = self.entered();
        let result = f();
        entered.leave();
        result
    }

    /// Enters the event on this thread until [`Entered::leave`], for work whose answer is too
    /// large to be passed through a closure.
    #[inline]
    pub fn entered(&mut self) -> Entered<'_> {
        let work = self.work.get_mut();
        *work = POLLED;
        Entered {
            work,
            scope: self.scope.enter(&mut self.span),
        }
    }

    /// True while the work is being polled, and ever after if it panicked.
    pub fn is_polling(&self) -> bool {
        self.work.load(Relaxed) == POLLED
    }

    /// The work is not being polled any more, after [`Entered::step_out`].
    #[inline]
    pub fn pause(&mut self) {
        *self.work.get_mut() = IDLE;
    }

    /// Says that the work has panicked where it was not polled, but asked for something.
    #[cold]
    pub fn panicked(&self) {
        self.work.store(POLLED, Relaxed);
    }

    /// Says that the work is about to be dropped, before the event has ended and before the track
    /// is: a panic from here on is the work's own. False where one is under way or has been, so
    /// that nothing of the work may be asked any more.
    ///
    /// Dropped by a panic within no other event, the event ends as a panic, whoever panicked:
    /// nobody who waited for it has given up. Within another event, the panic is that one's.
    pub fn dropping(&mut self) -> bool {
        let work = self.work.get_mut();
        if *work == POLLED {
            return false;
        }
        if thread::panicking() {
            if !scope::current().said.is_event() {
                *work = POLLED;
            }
            return false;
        }
        *work = DROPPED;
        true
    }

    fn has_panicked(&self) -> bool {
        match self.work.load(Relaxed) {
            POLLED => true,
            DROPPED => thread::panicking(),
            _ => false,
        }
    }

    /// Starts an event of this endpoint, whichever handlers it runs into: those are events of
    /// their own.
    pub fn start_of(endpoint: &'static Endpoint, origin: O, deadline: Deadline) -> Track<O> {
        let mut track = Track::start(origin, deadline);
        if !OFF {
            endpoint.start();
            track.scope.said = Said::of(endpoint);
        }
        track
    }

    /// What the event belongs to.
    pub(crate) fn origin(&self) -> &O {
        &self.origin
    }

    /// Says whose work it is, where consumers are told apart.
    #[inline]
    #[must_use]
    pub fn called_by(mut self, consumer: Option<Consumer>) -> Track<O> {
        self.consumer = consumer;
        self
    }

    /// Says that the work is pending. Where no handler has claimed the event yet, it is seen
    /// from now on as one that waits.
    #[inline]
    pub fn pending(&mut self) {
        if self.scope.said.is_nobodys() {
            self.wait();
        }
    }

    #[cold]
    fn wait(&mut self) {
        let origin = &self.origin;
        self.scope.with(|said| said.wait(|| origin.endpoint(None)));
    }

    /// What the head of the answer announced; a success as long as there is none.
    #[inline]
    pub fn announced(&self) -> Answered {
        self.origin
            .head()
            .map_or(Answered::without_code(Ending::Completed), |head| {
                head.answered
            })
    }

    /// The event from the head of its answer on, without what its origin was needed for until
    /// then. This one has nothing left to count.
    ///
    /// What the head announces is kept: a client that leaves while it reads an error has still
    /// been given one. The deadline is the one that remains.
    ///
    /// For endpoints with `until = headers` the event is as good as over: it is measured up
    /// to here, and a client that leaves later has had what was promised.
    #[inline]
    pub fn settle(&mut self, answered: Answered, deadline: Deadline) -> Track<Settled> {
        let claimed = self.scope.with(|said| said.endpoint()).flatten();
        let mut origin = Settled {
            endpoint: None,
            counter: None,
            head: Head {
                answered,
                at: NEVER,
            },
        };
        match claimed {
            Some(endpoint) => self.origin.learn(endpoint),
            None => self.unclaimed(&mut origin, answered),
        }
        if claimed.is_none_or(Endpoint::ends_with_headers) {
            origin.head.at = self.started.elapsed();
        }
        let ended = std::mem::replace(&mut self.ended, true);
        Track {
            started: self.started,
            deadline,
            origin,
            scope: std::mem::take(&mut self.scope),
            work: AtomicU8::new(IDLE),
            ended,
            consumer: self.consumer,
            span: self.span.take(),
        }
    }

    #[cold]
    fn unclaimed(&self, settled: &mut Settled, answered: Answered) {
        settled.endpoint = served_by(&self.origin, Some(answered));
        if settled.endpoint.is_none() && !self.scope.is_undecided() {
            settled.counter = self.origin.unannotated(Some(answered));
        }
    }

    /// Counts an event that no annotation covers, by the same table as all others.
    #[cold]
    fn count_unannotated(&self, counter: Counter, answered: Option<Answered>, mark: Option<Mark>) {
        let ending = match answered {
            Some(answered) => answered.ending,
            None if self.has_panicked() => Ending::Panicked,
            None => match self.announced().ending {
                Ending::Completed if self.missed_its_deadline() => Ending::DeadlinePassed,
                Ending::Completed => Ending::Abandoned,
                failure => failure,
            },
        };
        let verdict = slo_model::classify(ending.marked(mark), false);
        counter.count(verdict.availability);
    }

    /// What can be told of the event with the head of its answer, where that is another thing
    /// than the answer's status: the handler's own word, or the endpoint's opinion of the
    /// status.
    pub fn word(&mut self, answered: Answered) -> Option<Mark> {
        let said = self.scope.with(|said| *said)?;
        let bound_for = || self.origin.endpoint(Some(answered));
        let endpoint = || said.endpoint().or_else(bound_for);
        said.mark.or_else(|| {
            let code = answered.code()?;
            match endpoint()?.opinion_of(code)? {
                Ending::Completed => Some(Mark::Good),
                _ => Some(Mark::Bad),
            }
        })
    }

    /// Says why the event ends as it does, where nobody said so before.
    pub(crate) fn reason(&mut self, reason: Option<&'static str>) {
        let reason = Reason::of(reason);
        self.scope.with(|said| said.reason = said.reason.or(reason));
    }

    /// Ends the event, if it has not ended.
    #[inline]
    pub fn end(&mut self, ending: Ending) {
        self.finish(Some(Answered::without_code(ending)));
    }

    /// Ends the event with an answer that was sent to its end, if it has not ended.
    #[inline]
    pub fn answered(&mut self, answered: Answered) {
        self.finish(Some(answered));
    }

    /// True once there is nothing left to count.
    #[inline]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Gives the event up to the one that is entered around it: both stand for the same
    /// work. What a handler said already is kept.
    #[cold]
    pub fn hand_over(&mut self) {
        if let Some(said) = self.scope.with(|said| *said) {
            scope::adopt(said);
        }
        self.give_up();
    }

    /// Says that the request carries a mark of its layer; see [`is_marked`].
    #[cold]
    pub fn request_is_marked(&mut self) {
        self.scope.with(Said::request_is_marked);
    }

    /// Gives the event up because it can't be told whether it is another one than that which is
    /// entered around it. What is done within it counts nowhere, and the one around it counts
    /// only if a handler of its own claims it, or where its route is known.
    #[cold]
    pub fn give_up_undecided(&mut self) {
        self.scope.with(Said::lose_start);
        self.give_up();
        self.scope = Scope {
            said: Said::ELSEWHERE,
            shared: None,
        };
        scope::undecided();
    }

    /// Forgets an event that no handler has claimed: work that was never polled did nothing,
    /// and inside a router it would not even have reached the layer.
    #[cold]
    pub fn forget_unclaimed(&mut self) {
        if self.scope.said.endpoint().is_none() && !self.is_polling() {
            self.give_up();
        }
    }

    /// Leaves nothing to count: what takes part in the event takes part in nothing.
    fn give_up(&mut self) {
        self.ended = true;
        self.scope.said.stop_waiting(None);
        if let Some(key) = self.scope.shared {
            shared::close(key, |said| said.stop_waiting(None));
        }
    }

    /// True also just before the deadline: its timer was started elsewhere, by the client or
    /// by a layer further out, and what it ends may be seen here a little earlier.
    fn missed_its_deadline(&self) -> bool {
        const EARLY: u64 = 1_000_000;
        let Deadline(deadline) = self.deadline;
        let early = EARLY.saturating_add(deadline / 100);
        deadline != NEVER && self.started.elapsed() >= deadline.saturating_sub(early)
    }

    /// Ends the event, if it has not ended; without an answer where it is dropped.
    #[inline]
    pub(crate) fn finish(&mut self, answered: Option<Answered>) {
        if !self.ended {
            self.finish_now(answered);
        }
    }

    fn finish_now(&mut self, answered: Option<Answered>) {
        self.ended = true;
        let said = self.last_word(answered);
        let Some(endpoint) = said.endpoint() else {
            if !said.is_undecided()
                && let Some(counter) = self.origin.unannotated(answered)
            {
                self.count_unannotated(counter, answered, said.mark);
            }
            return;
        };
        let measured = self.measured_head(endpoint);
        let ending = match answered {
            Some(answered) => answered.judged_by(endpoint),
            None => self.dropped(endpoint, measured.is_some()),
        };
        let nanoseconds = measured.unwrap_or_else(|| self.started.elapsed());
        let level = endpoint.level(nanoseconds);
        let ending = if self.origin.is_unseen() {
            Ending::OutsideLayer
        } else {
            ending.marked(said.mark)
        };
        endpoint.end(ending, level, nanoseconds);
        if let Some(consumer) = self.consumer {
            endpoint.end_for(consumer, ending, level);
        }
        self.span.ended(endpoint, ending, level, said.reason);
    }

    /// Nanoseconds until the head of the answer, where the event is measured up to that.
    #[inline]
    fn measured_head(&self, endpoint: &Endpoint) -> Option<u64> {
        if !endpoint.ends_with_headers() {
            return None;
        }
        Some(self.origin.head()?.at).filter(|&at| at != NEVER)
    }

    /// All that was said of the event, and the endpoint it belongs to if nobody said that.
    #[inline]
    fn last_word(&mut self, answered: Option<Answered>) -> Said {
        if self.scope.shared.is_none()
            && let Some(claimed) = self.scope.said.endpoint()
        {
            self.origin.learn(claimed);
            return self.scope.said;
        }
        self.last_of_several(answered)
    }

    #[cold]
    fn last_of_several(&mut self, answered: Option<Answered>) -> Said {
        let origin = &self.origin;
        let last = |said: &mut Said| {
            match said.endpoint() {
                Some(claimed) => origin.learn(claimed),
                None => said.settle(|| served_by(origin, answered)),
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
        if self.has_panicked() {
            return Ending::Panicked;
        }
        match self.announced().judged_by(endpoint) {
            Ending::Completed if is_answered => Ending::Completed,
            // Nobody waits for a job and could grow impatient: what was not finished failed.
            Ending::Completed if endpoint.is_job() => Ending::DeadlinePassed,
            Ending::Completed if self.missed_its_deadline() => Ending::DeadlinePassed,
            Ending::Completed => Ending::Abandoned,
            failure => failure,
        }
    }
}

/// The endpoint of an event that no handler claimed.
fn served_by(origin: &impl Origin, answered: Option<Answered>) -> Option<&'static Endpoint> {
    if answered.is_some_and(Answered::is_success) {
        origin.served_unclaimed();
    }
    origin.endpoint(answered)
}

/// An event that is entered on this thread; made by [`Track::entered`].
#[derive(Debug)]
#[must_use = "work that is not done in here is not the event's"]
pub struct Entered<'a> {
    work: &'a mut u8,
    scope: scope::Entered<'a>,
}

impl Entered<'_> {
    /// True where this is done within another layer's event, which no handler has claimed
    /// yet: both stand for the same work.
    #[inline]
    pub fn is_within_another(&mut self) -> bool {
        self.scope.is_within_another()
    }

    /// The piece of work is done. Dropped without this, as by a panic, the work can't go on,
    /// and the event ends as a panic.
    #[inline]
    pub fn leave(self) {
        *self.work = IDLE;
    }

    /// Leaves the event before the piece of work is done: what the caller still asks of it runs
    /// outside the event, and a panic there is the event's until [`Track::pause`], its end or
    /// [`Track::settle`].
    #[inline]
    pub fn step_out(self) {}
}

impl Track<Own> {
    /// Starts an event of an endpoint that is no request of a layer: a job, a nested call.
    pub(crate) fn own(endpoint: &'static Endpoint) -> Track<Own> {
        Track::start_of(endpoint, Own, Deadline::NONE)
    }
}

impl<O: Origin> Drop for Track<O> {
    #[inline]
    fn drop(&mut self) {
        self.finish(None);
    }
}
