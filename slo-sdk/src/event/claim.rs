//! What is said of one event while it lasts.

use crate::{
    Endpoint,
    event::{
        packed::{Claim, Packed, Request},
        reason::Reason,
        unclaimed,
    },
};
use slo_model::Mark;
use std::num::NonZeroU64;

/// Whether the request of an event that no handler claimed was told from one inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It was, or there was none.
    #[default]
    None,
    /// It was not: that one is counted nowhere, and may have been claimed.
    Undecided,
    /// It was not, and that one is counted.
    Represented,
}

/// Whose the event is, and its handler's own word. As small as can be, in two words: it is copied
/// with every poll.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ClaimState {
    /// The endpoint that [`Claim`] speaks of.
    endpoint: Option<&'static Endpoint>,
    known: Packed,
}

impl ClaimState {
    /// Outside any event.
    pub(crate) const OUTSIDE: ClaimState = ClaimState {
        endpoint: None,
        known: Packed::new(Claim::None),
    };

    /// An event that no handler has claimed.
    pub(crate) const UNCLAIMED: ClaimState = ClaimState {
        known: Packed::new(Claim::Unclaimed),
        ..ClaimState::OUTSIDE
    };

    /// An event that counts nowhere. Requests inside it can be told from its own.
    pub(crate) const UNCOUNTED: ClaimState = ClaimState {
        known: Packed::new(Claim::Uncounted).with_request(Request::Marked),
        ..ClaimState::OUTSIDE
    };

    /// An event that is this endpoint's; its start is counted elsewhere.
    pub(crate) const fn claimed_by(endpoint: &'static Endpoint) -> ClaimState {
        ClaimState {
            endpoint: Some(endpoint),
            known: Packed::new(Claim::Claimed),
        }
    }

    /// Claims an event of which nothing else is known than that it is nobody's; false leaves it
    /// as it is.
    #[inline]
    pub(crate) fn claim_if_plain(&mut self, endpoint: &'static Endpoint) -> bool {
        let is_plain = self.known == Packed::new(Claim::Unclaimed);
        if is_plain {
            endpoint.start();
            self.set_endpoint(endpoint);
        }
        is_plain
    }

    /// The endpoint that claimed the event, where nothing else is known of it.
    #[inline]
    pub(crate) fn plain_endpoint(&self) -> Option<&'static Endpoint> {
        if self.known == Packed::new(Claim::Claimed) {
            self.endpoint
        } else {
            None
        }
    }

    /// Where it is kept what all those say who take part in the event.
    #[inline]
    pub(crate) fn shared(&self) -> Option<NonZeroU64> {
        self.known.shared()
    }

    /// The same, kept there from now on.
    pub(crate) fn shared_as(self, number: NonZeroU64) -> ClaimState {
        ClaimState {
            known: self.known.with_shared(number),
            ..self
        }
    }

    /// The handler's own word.
    #[inline]
    pub(crate) fn handler_mark(&self) -> Option<Mark> {
        self.known.mark()
    }

    pub(crate) fn set_marked(&mut self) {
        self.known = self.known.with_request(Request::Marked);
    }

    pub(crate) fn is_marked(&self) -> bool {
        self.known.request_is(Request::Marked) || self.is_doubled()
    }

    pub(crate) fn set_doubled(&mut self) {
        self.known = self.known.with_request(Request::Doubled);
    }

    pub(crate) fn is_doubled(&self) -> bool {
        self.known.request_is(Request::Doubled)
    }

    pub(crate) fn set_undecided(&mut self) {
        self.known = self.known.with_request(Request::Undecided);
    }

    pub(crate) fn set_represented(&mut self) {
        self.known = self.known.with_request(Request::Represented);
    }

    /// Whether the request could be told from one inside it.
    pub(crate) fn doubt(&self) -> Doubt {
        if self.known.request_is(Request::Undecided) {
            Doubt::Undecided
        } else if self.known.request_is(Request::Represented) {
            Doubt::Represented
        } else {
            Doubt::None
        }
    }

    /// Takes the event out of all counts, unless it is somebody's.
    pub(crate) fn disregard(&mut self) {
        if self.is_waiting() {
            self.stop_waiting(None);
        }
        if self.is_unclaimed() {
            self.known.set(Claim::Uncounted);
        }
    }

    /// True where nothing is counted, whoever claims the event.
    #[inline]
    pub(crate) fn is_uncounted(&self) -> bool {
        self.known.is(Claim::Uncounted)
    }

    /// False outside any event.
    #[inline]
    pub(crate) fn is_event(&self) -> bool {
        !self.known.is(Claim::None)
    }

    /// True where no handler has claimed the event, and it is not counted as one that waits.
    #[inline]
    pub(crate) fn is_unclaimed(&self) -> bool {
        self.known.is(Claim::Unclaimed)
    }

    /// The endpoint that claimed the event.
    #[inline]
    pub(crate) fn endpoint(&self) -> Option<&'static Endpoint> {
        self.endpoint.filter(|_| self.known.is(Claim::Claimed))
    }

    /// Makes the event one of `endpoint` and counts its start, unless it is another's.
    #[inline]
    pub(crate) fn claim_for(&mut self, endpoint: &'static Endpoint) {
        if self.known.is(Claim::Unclaimed) {
            endpoint.start();
        } else if !self.is_waiting() {
            return;
        } else if !self.stop_waiting(Some(endpoint)) {
            endpoint.start();
        }
        self.set_endpoint(endpoint);
    }

    /// Counts the event while it waits, bound for this endpoint if for any.
    pub(crate) fn start_waiting(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        if self.known.is(Claim::Unclaimed) {
            self.endpoint = bound_for();
            self.known.set(match self.endpoint {
                Some(endpoint) => {
                    endpoint.start();
                    Claim::PendingFor
                }
                None => {
                    unclaimed::begin();
                    Claim::PendingUnknown
                }
            });
        }
    }

    /// Settles whose the event is that ends, if nobody claimed it.
    pub(crate) fn resolve(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        if !self.is_unclaimed() && !self.is_waiting() {
            return;
        }
        // Where it was bound for while it waited may have turned out otherwise.
        match bound_for() {
            Some(endpoint) => self.claim_for(endpoint),
            None => {
                self.stop_waiting(None);
            }
        }
    }

    /// The event waits no longer: it is this endpoint's, or none at all. True if it has been
    /// counted as started there.
    #[cold]
    pub(crate) fn stop_waiting(&mut self, endpoint: Option<&'static Endpoint>) -> bool {
        let has_started = match self.endpoint {
            Some(bound_for) if self.known.is(Claim::PendingFor) => {
                let is_it = endpoint.is_some_and(|endpoint| std::ptr::eq(bound_for, endpoint));
                if !is_it {
                    bound_for.lose();
                }
                is_it
            }
            _ if self.known.is(Claim::PendingUnknown) => {
                unclaimed::end();
                false
            }
            _ => return false,
        };
        self.endpoint = None;
        self.known.set(Claim::Unclaimed);
        has_started
    }

    /// True where the event is counted as one that waits.
    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        self.known.is(Claim::PendingFor) || self.known.is(Claim::PendingUnknown)
    }

    /// The same for someone else who takes part in the event: that it waits is counted once.
    pub(crate) fn without_waiting(mut self) -> ClaimState {
        if self.is_waiting() {
            self.endpoint = None;
            self.known.set(Claim::Unclaimed);
        }
        self
    }

    /// True where this endpoint claimed the event.
    #[inline]
    pub(crate) fn belongs_to(&self, endpoint: &'static Endpoint) -> bool {
        self.endpoint()
            .is_some_and(|first| std::ptr::eq(first, endpoint))
    }

    /// Takes over whose the event is, as others know it.
    #[inline]
    pub(crate) fn set_endpoint(&mut self, endpoint: &'static Endpoint) {
        self.endpoint = Some(endpoint);
        self.known.set(Claim::Claimed);
    }

    /// Takes over what was said of an event that turns out to be the same.
    pub(crate) fn adopt(&mut self, inner: ClaimState) {
        if self.endpoint().is_some() {
            return;
        }
        if self.is_uncounted() {
            if let Some(endpoint) = inner.endpoint() {
                endpoint.lose();
            }
            return;
        }
        if let Some(endpoint) = inner.endpoint() {
            // The inner one has started, wherever this one was bound for.
            self.stop_waiting(None);
            self.set_endpoint(endpoint);
        }
        if let Some(mark) = inner.handler_mark() {
            self.mark(mark, inner.reason());
        }
    }

    /// The last word stands.
    pub(crate) fn mark(&mut self, mark: Mark, reason: Reason) {
        self.known = self.known.with_mark(mark).with_reason(reason);
    }

    /// Why the handler said its word.
    pub(crate) fn reason(&self) -> Reason {
        self.known.reason()
    }

    /// Says why, where nobody said so before.
    pub(crate) fn explain(&mut self, reason: Reason) {
        self.known = self.known.with_reason(self.reason().or(reason));
    }

    /// Another service's word: bad outweighs, else the first stands.
    pub(crate) fn relay(&mut self, word: Mark) {
        if self.handler_mark().is_none() || word == Mark::Bad {
            self.mark(word, Reason::new(Some("said by an upstream")));
        }
    }
}
