//! Which event the code that runs now belongs to.
//!
//! A [`Track`](crate::layer::Track) puts its scope into a thread-local around every poll and takes
//! it out again, so a handler finds its event without an argument, an extension or an
//! allocation, and whichever thread polls next finds it too.

use crate::{
    Endpoint,
    event::{
        claim::{ClaimState, Doubt},
        reason::Reason,
        shared::{self, Key},
        span::{self, Captured},
    },
};
use slo_model::Mark;
use std::cell::Cell;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// What is known of the event, unless work on other threads takes part in it; where all of
    /// it is kept, then.
    pub(crate) claim: ClaimState,
}

thread_local! {
    static CURRENT: Cell<Scope> = const { Cell::new(Scope::OUTSIDE) };
}

/// Swaps in a scope and returns the previous one. Not `LocalKey::replace`: in its
/// result the scope is taken apart and put together again.
#[inline]
fn swap(new: Scope, old: &mut Scope) {
    CURRENT.with(|current| *old = current.replace(new));
}

/// A scope that is entered. When it is dropped, also by a panic, what was done to it is kept,
/// and so is the span of a handler that claimed it.
#[derive(Debug)]
#[must_use = "the scope is left when this is dropped"]
pub(crate) struct ScopeGuard<'a> {
    outer: Scope,
    scope: &'a mut Scope,
    span: &'a mut Captured,
    aside: span::Aside,
}

impl ScopeGuard<'_> {
    /// True where the scope is entered within an event that no handler has claimed yet.
    #[inline]
    pub(crate) fn is_within_unclaimed(&self) -> bool {
        self.outer.claim.is_event() && ScopeGuard::is_unclaimed(self.outer)
    }

    /// By value, so that what is entered stays in registers.
    #[cold]
    #[inline(never)]
    fn is_unclaimed(mut outer: Scope) -> bool {
        outer.is_unclaimed()
    }
}

impl Drop for ScopeGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        let was_claimed = self.scope.claim.endpoint().is_some();
        swap(self.outer, self.scope);
        if !was_claimed && self.scope.claim.endpoint().is_some() {
            self.span.claimed();
        }
        self.aside.restore();
    }
}

impl Scope {
    /// Outside any event.
    const OUTSIDE: Scope = Scope {
        claim: ClaimState::OUTSIDE,
    };

    /// Enters the scope on this thread.
    #[inline]
    pub(crate) fn enter<'a>(&'a mut self, span: &'a mut Captured) -> ScopeGuard<'a> {
        let mut outer = Scope::OUTSIDE;
        swap(*self, &mut outer);
        ScopeGuard {
            outer,
            scope: self,
            span,
            aside: span::set_aside(),
        }
    }

    /// Whether a request inside the event was told from its own.
    pub(crate) fn doubt(&self) -> Doubt {
        let mut scope = *self;
        scope.with(|claim| claim.doubt()).unwrap_or_default()
    }

    /// Where it is kept what all those say who take part in the event.
    #[inline]
    pub(crate) fn shared(&self) -> Option<Key> {
        self.claim.shared().map(Key)
    }

    fn is_unclaimed(&mut self) -> bool {
        self.claim.endpoint().is_none()
            && self.with(|claim| claim.endpoint().is_none()) == Some(true)
    }

    /// Does something to what is said of the event, wherever that is kept; `None` if it
    /// has ended.
    #[inline]
    pub(crate) fn with<R>(&mut self, f: impl FnOnce(&mut ClaimState) -> R) -> Option<R> {
        match self.shared() {
            Some(key) => shared::with(key, f),
            None => Some(f(&mut self.claim)),
        }
    }
}

/// The scope that is entered on this thread.
pub(crate) fn current() -> Scope {
    CURRENT.get()
}

/// Does something to the scope that is entered on this thread.
pub(crate) fn update<R>(f: impl FnOnce(&mut Scope) -> R) -> R {
    let mut scope = CURRENT.get();
    let result = f(&mut scope);
    CURRENT.set(scope);
    result
}

/// True where an event is entered that no handler has claimed yet.
#[inline]
pub(crate) fn is_unclaimed() -> bool {
    CURRENT.with(|current| {
        let mut scope = current.get();
        scope.claim.is_event() && scope.is_unclaimed()
    })
}

/// Makes the current event one of `endpoint` and counts its start.
///
/// The first claim wins. True also where the same endpoint claims again, as it does when a
/// retry below the layer calls it a second time: that is still one event. False outside any
/// event and where another endpoint was first: the caller is a separate event.
#[inline]
pub(crate) fn claim(endpoint: &'static Endpoint) -> bool {
    let is_mine = CURRENT.with(|current| {
        let mut scope = current.get();
        if scope.claim.claim_if_plain(endpoint) {
            current.set(scope);
            return true;
        }
        claim_rarely(endpoint)
    });
    if is_mine {
        span::claimed();
    }
    is_mine
}

#[cold]
#[inline(never)]
fn claim_rarely(endpoint: &'static Endpoint) -> bool {
    let mut scope = CURRENT.get();
    if scope.shared().is_some() {
        return claim_shared(endpoint);
    }
    if scope.claim.is_event() && scope.claim.endpoint().is_none() {
        scope.claim.claim_for(endpoint);
        CURRENT.set(scope);
    }
    scope.claim.belongs_to(endpoint) || scope.claim.is_uncounted()
}

/// Another task may have claimed a shared event already.
#[cold]
fn claim_shared(endpoint: &'static Endpoint) -> bool {
    update(|scope| {
        if scope.claim.endpoint().is_none()
            && let Some(key) = scope.shared()
            && let Some(first) = shared::claim(key, endpoint)
        {
            scope.claim.set_endpoint(first);
        }
        scope.claim.belongs_to(endpoint)
    })
}

/// Lets the current event, if there is one that no handler has claimed, be the one of which
/// this was said, and whose start is counted already.
pub(crate) fn adopt(inner: ClaimState) {
    update(|outer| {
        if outer.claim.is_event() {
            outer.with(|claim| claim.adopt(inner));
        }
    });
}

/// Says of the current event, if there is one that no handler has claimed, that it can't be told
/// whether a request inside it was another one, and whether that one is counted.
pub(crate) fn undecided(is_counted: bool) {
    update(|outer| {
        if outer.claim.is_event() {
            outer.with(if is_counted {
                ClaimState::set_represented
            } else {
                ClaimState::set_undecided
            });
        }
    });
}

/// Sets the handler's own word; the last one stands. False outside any event.
pub(crate) fn mark(mark: Mark, reason: Option<&'static str>) -> bool {
    let reason = Reason::new(reason);
    update(|scope| scope.claim.is_event() && scope.with(|claim| claim.mark(mark, reason)).is_some())
}

/// Takes over another service's word. False outside any event.
pub(crate) fn relay(word: Mark) -> bool {
    update(|scope| scope.claim.is_event() && scope.with(|claim| claim.relay(word)).is_some())
}
