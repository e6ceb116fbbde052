//! What is said of one event while it lasts.

use crate::{Endpoint, span::Reason, waiting};
use slo_model::Mark;

/// Whose the event is, and its handler's own word. As small as can be: it is copied with
/// every poll.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    /// The endpoint that [`Whose`] speaks of.
    endpoint: Option<&'static Endpoint>,
    whose: Whose,
    request: Request,
    /// The handler's own word.
    pub(crate) mark: Option<Mark>,
    /// Why it said so.
    pub(crate) reason: Reason,
}

/// Whose an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Whose {
    /// There is none.
    #[default]
    None,
    /// No handler has claimed it.
    Nobodys,
    /// No handler has claimed it, and it waits; it is counted as started for the endpoint
    /// that its route says.
    BoundFor,
    /// The same, where it is not known which endpoint that is.
    Unclaimed,
    /// The endpoint's that claimed it; its start is counted.
    Claimed,
    /// It can't be told: whoever claims it has it, and nothing is counted.
    Elsewhere,
}

/// What is known of the request that an event is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Request {
    /// It can't be told from another one.
    #[default]
    Unmarked,
    /// It carries a mark, so that it can be told.
    Marked,
    /// The same, and it has passed a second layer.
    Doubled,
    /// It could not be told from one inside it.
    Undecided,
}

impl Said {
    /// Outside any event.
    pub(crate) const NOTHING: Said = Said {
        endpoint: None,
        whose: Whose::None,
        request: Request::Unmarked,
        mark: None,
        reason: Reason::NONE,
    };

    /// An event that no handler has claimed.
    pub(crate) const NOBODYS: Said = Said {
        whose: Whose::Nobodys,
        ..Said::NOTHING
    };

    /// An event that counts nowhere. Requests inside it can be told from its own.
    pub(crate) const ELSEWHERE: Said = Said {
        whose: Whose::Elsewhere,
        request: Request::Marked,
        ..Said::NOTHING
    };

    /// An event that is this endpoint's; its start is counted elsewhere.
    pub(crate) const fn of(endpoint: &'static Endpoint) -> Said {
        Said {
            endpoint: Some(endpoint),
            whose: Whose::Claimed,
            ..Said::NOTHING
        }
    }

    pub(crate) fn request_is_marked(&mut self) {
        self.request = Request::Marked;
    }

    pub(crate) fn is_marked(&self) -> bool {
        matches!(self.request, Request::Marked | Request::Doubled)
    }

    pub(crate) fn set_doubled(&mut self) {
        self.request = Request::Doubled;
    }

    pub(crate) fn is_doubled(&self) -> bool {
        self.request == Request::Doubled
    }

    pub(crate) fn undecided(&mut self) {
        self.request = Request::Undecided;
    }

    pub(crate) fn is_undecided(&self) -> bool {
        self.request == Request::Undecided
    }

    /// True where nothing is counted, whoever claims the event.
    #[inline]
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.whose == Whose::Elsewhere
    }

    /// The endpoint that claimed the event has it no longer.
    pub(crate) fn lose_start(&mut self) {
        if let Some(endpoint) = self.endpoint() {
            endpoint.lose();
        }
    }

    /// False outside any event.
    #[inline]
    pub(crate) fn is_event(&self) -> bool {
        self.whose != Whose::None
    }

    /// True where no handler has claimed the event, and it is not counted as one that waits.
    #[inline]
    pub(crate) fn is_nobodys(&self) -> bool {
        self.whose == Whose::Nobodys
    }

    /// The endpoint that claimed the event.
    #[inline]
    pub(crate) fn endpoint(&self) -> Option<&'static Endpoint> {
        self.endpoint.filter(|_| self.whose == Whose::Claimed)
    }

    /// Makes the event one of `endpoint` and counts its start, unless it is another's.
    #[inline]
    pub(crate) fn claim(&mut self, endpoint: &'static Endpoint) {
        if self.whose == Whose::Nobodys {
            endpoint.start();
        } else if !self.is_waiting() {
            return;
        } else if !self.stop_waiting(Some(endpoint)) {
            endpoint.start();
        }
        self.endpoint = Some(endpoint);
        self.whose = Whose::Claimed;
    }

    /// Counts the event while it waits, bound for this endpoint if for any.
    pub(crate) fn wait(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        if self.whose == Whose::Nobodys {
            self.endpoint = bound_for();
            self.whose = match self.endpoint {
                Some(endpoint) => {
                    endpoint.start();
                    Whose::BoundFor
                }
                None => {
                    waiting::begin();
                    Whose::Unclaimed
                }
            };
        }
    }

    /// Settles whose the event is that ends, if nobody claimed it.
    pub(crate) fn settle(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        let known = match self.whose {
            Whose::None | Whose::Claimed | Whose::Elsewhere => return,
            // Where it was bound for while it waited may have turned out otherwise.
            Whose::Nobodys | Whose::BoundFor | Whose::Unclaimed => bound_for(),
        };
        match known {
            Some(endpoint) => self.claim(endpoint),
            None => {
                self.stop_waiting(None);
            }
        }
    }

    /// The event waits no longer: it is this endpoint's, or none at all. True if it has been
    /// counted as started there.
    #[cold]
    pub(crate) fn stop_waiting(&mut self, endpoint: Option<&'static Endpoint>) -> bool {
        let has_started = match (self.whose, self.endpoint) {
            (Whose::BoundFor, Some(bound_for)) => {
                let is_it = endpoint.is_some_and(|endpoint| std::ptr::eq(bound_for, endpoint));
                if !is_it {
                    bound_for.lose();
                }
                is_it
            }
            (Whose::Unclaimed, _) => {
                waiting::end();
                false
            }
            _ => return false,
        };
        self.endpoint = None;
        self.whose = Whose::Nobodys;
        has_started
    }

    /// True where the event is counted as one that waits.
    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.whose, Whose::BoundFor | Whose::Unclaimed)
    }

    /// The same for someone else who takes part in the event: that it waits is counted once.
    pub(crate) fn without_waiting(self) -> Said {
        if self.is_waiting() {
            Said {
                mark: self.mark,
                reason: self.reason,
                request: self.request,
                ..Said::NOBODYS
            }
        } else {
            self
        }
    }

    /// True where this endpoint claimed the event.
    #[inline]
    pub(crate) fn belongs_to(&self, endpoint: &'static Endpoint) -> bool {
        self.endpoint()
            .is_some_and(|first| std::ptr::eq(first, endpoint))
    }

    /// Takes over whose the event is, as others know it.
    pub(crate) fn now_belongs_to(&mut self, endpoint: &'static Endpoint) {
        self.endpoint = Some(endpoint);
        self.whose = Whose::Claimed;
    }

    /// Takes over what was said of an event that turns out to be the same.
    pub(crate) fn adopt(&mut self, inner: Said) {
        if self.endpoint().is_some() {
            return;
        }
        if self.is_elsewhere() {
            if let Some(endpoint) = inner.endpoint() {
                endpoint.lose();
            }
            return;
        }
        if let Some(endpoint) = inner.endpoint() {
            // The inner one has started, wherever this one was bound for.
            self.stop_waiting(None);
            self.now_belongs_to(endpoint);
        }
        if let Some(mark) = inner.mark {
            self.mark(mark, inner.reason);
        }
    }

    /// The last word stands.
    pub(crate) fn mark(&mut self, mark: Mark, reason: Reason) {
        self.mark = Some(mark);
        self.reason = reason;
    }

    /// Another service's word: bad outweighs, else the first stands.
    pub(crate) fn relay(&mut self, word: Mark) {
        if self.mark.is_none() || word == Mark::Bad {
            self.mark(word, Reason::of(Some("said by an upstream")));
        }
    }
}
