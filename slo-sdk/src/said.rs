//! What is said of one event while it lasts.

use crate::{Endpoint, waiting::Waiting};
use slo_model::Mark;

/// Whose the event is, and its handler's own word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    /// The endpoint that claimed the event; its start is counted.
    pub(crate) endpoint: Option<&'static Endpoint>,
    /// The handler's own word.
    pub(crate) mark: Option<Mark>,
    /// Why it said so.
    pub(crate) reason: Option<&'static str>,
    /// How the event is counted while it waits for a handler, if it had to.
    pub(crate) waiting: Option<Waiting>,
}

impl Said {
    /// Nothing.
    pub(crate) const NOTHING: Said = Said {
        endpoint: None,
        mark: None,
        reason: None,
        waiting: None,
    };

    /// Makes the event one of `endpoint` and counts its start, unless it is another's.
    #[inline]
    pub(crate) fn claim(&mut self, endpoint: &'static Endpoint) {
        if self.endpoint.is_none() {
            self.endpoint = Some(endpoint);
            let has_started = self.stop_waiting(Some(endpoint));
            if !has_started {
                endpoint.start();
            }
        }
    }

    /// Counts the event while it waits, bound for this endpoint if for any.
    pub(crate) fn wait(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        if self.endpoint.is_none() && self.waiting.is_none() {
            self.waiting = Some(Waiting::begin(bound_for()));
        }
    }

    /// Settles whose the event is that ends, if nobody claimed it.
    pub(crate) fn settle(&mut self, bound_for: impl FnOnce() -> Option<&'static Endpoint>) {
        let known = match self.waiting {
            Some(Waiting::For(endpoint)) => Some(endpoint),
            _ => bound_for(),
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
    #[inline]
    pub(crate) fn stop_waiting(&mut self, endpoint: Option<&'static Endpoint>) -> bool {
        match self.waiting.take() {
            Some(waiting) => waiting.is_over(endpoint),
            None => false,
        }
    }

    /// Takes over what was said of an event that turns out to be the same.
    pub(crate) fn adopt(&mut self, inner: Said) {
        if self.endpoint.is_some() {
            return;
        }
        if inner.endpoint.is_some() {
            // The inner one has started, wherever this one was bound for.
            self.stop_waiting(None);
            self.endpoint = inner.endpoint;
        }
        if let Some(mark) = inner.mark {
            self.mark(mark, inner.reason);
        }
    }

    /// The last word stands.
    pub(crate) fn mark(&mut self, mark: Mark, reason: Option<&'static str>) {
        self.mark = Some(mark);
        self.reason = reason;
    }

    /// Another service's word: bad outweighs, else the first stands.
    pub(crate) fn relay(&mut self, word: Mark) {
        if self.mark.is_none() || word == Mark::Bad {
            self.mark(word, Some("said by an upstream"));
        }
    }
}
