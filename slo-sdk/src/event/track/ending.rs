//! The end of an event: whose it was, and how it went.

use super::{Answered, Deadline, Origin, Track, origin::NEVER};
use crate::{
    Consumer, Endpoint,
    event::{
        claim::{ClaimState, Doubt},
        reason::Reason,
        shared,
        trace::TraceContext,
    },
    event_log::{self, Facts},
};
use slo_model::{Ending, Mark};

impl<O: Origin> Track<O> {
    /// Ends the event, if it has not ended.
    #[inline]
    pub fn end(&mut self, ending: Ending) {
        self.finish(Some(Answered::without_code(ending)));
    }

    /// Ends the event with an answer that was sent to its end, if it has not ended.
    #[inline]
    pub fn end_with(&mut self, answered: Answered) {
        self.finish(Some(answered));
    }

    /// Returns `true` once there is nothing left to count.
    #[inline]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// True also just before the deadline: its timer was started elsewhere, by the client or
    /// by a layer further out, and what it ends may be seen here a little earlier.
    fn missed_its_deadline(&self) -> bool {
        const EARLY_NANOS: u64 = 1_000_000;
        let Deadline(deadline) = self.deadline;
        let early = EARLY_NANOS.saturating_add(deadline / 100);
        deadline != NEVER && self.started.elapsed() >= deadline.saturating_sub(early)
    }

    /// Ends the event, if it has not ended; without an answer where it is dropped.
    #[inline]
    pub(crate) fn finish(&mut self, answered: Option<Answered>) {
        if !self.ended {
            self.finish_now(answered);
        }
    }

    #[inline]
    fn finish_now(&mut self, answered: Option<Answered>) {
        self.ended = true;
        if let Some(answered) = answered
            && let Some(endpoint) = self.scope.claim.plain_endpoint()
            && endpoint.is_plain()
            && self.consumer.is_none()
            && !self.origin.is_unseen()
        {
            self.origin.learn(endpoint);
            let nanoseconds = self.started.elapsed();
            let level = endpoint.level(nanoseconds);
            endpoint.end_plain(answered.ending, level, nanoseconds);
            let span = &self.span;
            span.ended(endpoint, answered.ending, level, Reason::NONE);
            if answered.ending != Ending::Completed || level > 0 {
                let measured = (level, nanoseconds);
                self.log(
                    endpoint,
                    answered.ending,
                    measured,
                    Some(answered),
                    Reason::NONE,
                    None,
                );
            }
        } else {
            self.finish_rarely(answered);
        }
    }

    #[cold]
    #[inline(never)]
    fn finish_rarely(&mut self, answered: Option<Answered>) {
        let context = self.scope.shared().and_then(shared::take_context);
        let claim = self.last_word(answered);
        let Some(endpoint) = claim.endpoint() else {
            if claim.doubt() == Doubt::None && !claim.is_uncounted() {
                self.count_unannotated(answered, claim.handler_mark());
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
            ending.marked(claim.handler_mark())
        };
        endpoint.end(ending, level, nanoseconds);
        if let Some(consumer) = self.consumer {
            endpoint.end_for(consumer, ending, level);
        }
        let reason = claim.reason();
        self.span.ended(endpoint, ending, level, reason);
        self.log(
            endpoint,
            ending,
            (level, nanoseconds),
            answered,
            reason,
            context,
        );
        // The handler's span ends when nobody has it any more.
        let _ended = self.span.take();
    }

    /// Hands the event to its log, which decides whether there is a record of it.
    #[cold]
    #[inline(never)]
    fn log(
        &self,
        endpoint: &'static Endpoint,
        ending: Ending,
        (level, nanoseconds): (usize, u64),
        answered: Option<Answered>,
        reason: Reason,
        context: Option<Box<shared::Context>>,
    ) {
        if !event_log::is_on() {
            return;
        }
        let head = self.origin.head().map(|head| head.answered);
        event_log::ended(endpoint, ending, level, || {
            let context = context.map(|context| *context).unwrap_or_default();
            // Whoever ends an event before its body does so where the work runs.
            let is_within = answered.is_some() && head.is_none();
            let current = || is_within.then(TraceContext::current).flatten();
            Facts {
                nanoseconds,
                code: answered.or(head).and_then(Answered::code),
                reason: reason.text(),
                consumer: self.consumer.map(Consumer::name),
                template: self.origin.template().or(context.route),
                trace: self.span.trace().or_else(current).or(context.trace),
            }
        });
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
    fn last_word(&mut self, answered: Option<Answered>) -> ClaimState {
        if self.scope.shared().is_none()
            && let Some(claimed) = self.scope.claim.endpoint()
        {
            self.origin.learn(claimed);
            return self.scope.claim;
        }
        self.last_of_several(answered)
    }

    #[cold]
    fn last_of_several(&mut self, answered: Option<Answered>) -> ClaimState {
        let origin = &self.origin;
        let last = |claim: &mut ClaimState| {
            match claim.endpoint() {
                Some(claimed) => origin.learn(claimed),
                None => {
                    let doubt = claim.doubt();
                    claim.resolve(|| served_by(origin, answered, doubt));
                }
            }
            *claim
        };
        match self.scope.shared() {
            Some(key) => shared::close(key, last).unwrap_or_default(),
            None => last(&mut self.scope.claim),
        }
    }

    /// How an event ends that is dropped.
    fn dropped(&self, endpoint: &Endpoint, is_answered: bool) -> Ending {
        if self.has_panicked() {
            return Ending::Panicked;
        }
        match self.head_status().judged_by(endpoint) {
            Ending::Completed if is_answered => Ending::Completed,
            // Nobody waits for a job and could grow impatient: what was not finished failed.
            Ending::Completed if endpoint.is_job() => Ending::DeadlinePassed,
            Ending::Completed if self.missed_its_deadline() => Ending::DeadlinePassed,
            Ending::Completed => Ending::Abandoned,
            failure => failure,
        }
    }

    /// Counts an event that no annotation covers, by the same table as all others.
    #[cold]
    fn count_unannotated(&self, answered: Option<Answered>, mark: Option<Mark>) {
        let ending = match answered {
            Some(answered) => answered.ending,
            None if self.has_panicked() => Ending::Panicked,
            None => match self.head_status().ending {
                Ending::Completed if self.missed_its_deadline() => Ending::DeadlinePassed,
                Ending::Completed => Ending::Abandoned,
                failure => failure,
            },
        };
        let failed = Some(Answered::without_code(ending)).filter(|_| ending != Ending::Abandoned);
        let Some(counter) = self.origin.unannotated(answered.or(failed)) else {
            return;
        };
        let verdict = slo_model::classify(ending.marked(mark), false);
        counter.count(verdict.availability);
    }
}

/// The endpoint of an event that no handler claimed.
pub(super) fn served_by(
    origin: &impl Origin,
    answered: Option<Answered>,
    doubt: Doubt,
) -> Option<&'static Endpoint> {
    if answered.is_some_and(Answered::is_success) {
        origin.served_unclaimed();
    }
    bound_for(origin, answered, doubt)
}

/// The endpoint that an event will belong to if no handler claims it. What can't be told from
/// another request may have been claimed there, so only a route tells of it; and nothing does where that
/// one is counted.
pub(super) fn bound_for(
    origin: &impl Origin,
    answered: Option<Answered>,
    doubt: Doubt,
) -> Option<&'static Endpoint> {
    match doubt {
        Doubt::None => origin
            .endpoint(answered)
            .or_else(|| origin.default_endpoint(answered)),
        Doubt::Undecided => origin.endpoint(answered),
        Doubt::Represented => None,
    }
}

impl<O: Origin> Drop for Track<O> {
    #[inline]
    fn drop(&mut self) {
        self.finish(None);
    }
}
