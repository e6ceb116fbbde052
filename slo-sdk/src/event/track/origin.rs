//! Whose an event is, where no handler says so.

use super::Answered;
use crate::{Endpoint, unannotated::Counter};
use std::borrow::Cow;

/// Nanoseconds for what is not measured, or not limited.
pub(super) const NEVER: u64 = u64::MAX;

/// What an event belongs to if no handler claims it: requests that are refused before the
/// handler runs, or that never reach one.
///
/// `answer` is the head of the answer, or `None` if there is none yet, or will be none.
pub trait Origin {
    /// The endpoint that serves the origin's route, if it is known.
    fn endpoint(&self, answer: Option<Answered>) -> Option<&'static Endpoint>;

    /// Remembers that this endpoint serves the route.
    fn learn(&self, endpoint: &'static Endpoint);

    /// Remembers that the route was answered with success by somebody who claimed nothing, so
    /// that nothing learnt of it holds.
    fn served_unclaimed(&self) {}

    /// The endpoint of what nobody claims and no route explains, if the program says one.
    fn default_endpoint(&self, _answer: Option<Answered>) -> Option<&'static Endpoint> {
        None
    }

    /// What counts an event that no annotation covers; `None` if it counts nowhere. Of an event
    /// that failed without an answer, `answer` says how.
    fn unannotated(&self, answer: Option<Answered>) -> Option<Counter>;

    /// The template of the route, if one matched; never what a client wrote.
    fn template(&self) -> Option<Cow<'static, str>> {
        None
    }

    /// The head of the answer, once it is there.
    #[doc(hidden)]
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
    pub(super) answered: Answered,
    /// Nanoseconds until it was there, or [`NEVER`] where nobody measures up to it.
    pub(super) at: u64,
}

/// What is left of the origin of an event whose answer has begun.
#[derive(Clone, Copy, Debug)]
pub struct BodyPhase {
    pub(super) answered: Answered,
    pub(super) rare: Rare,
}

/// What is left of an event that no handler has claimed, or that is measured up to its head; most
/// events need none of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rare {
    /// The endpoint its route is known to be, if no handler has claimed it.
    pub(super) endpoint: Option<&'static Endpoint>,
    pub(super) counter: Option<Counter>,
    /// As in [`Head`].
    pub(super) at: u64,
}

impl Rare {
    pub(super) const NONE: Rare = Rare {
        endpoint: None,
        counter: None,
        at: NEVER,
    };
}

impl Origin for BodyPhase {
    fn endpoint(&self, _: Option<Answered>) -> Option<&'static Endpoint> {
        self.rare.endpoint
    }

    #[inline]
    fn learn(&self, _: &'static Endpoint) {}

    fn unannotated(&self, _: Option<Answered>) -> Option<Counter> {
        self.rare.counter
    }

    #[inline]
    fn head(&self) -> Option<Head> {
        Some(Head {
            answered: self.answered,
            at: self.rare.at,
        })
    }
}
