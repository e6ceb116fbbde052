//! Which event the code that runs now belongs to.
//!
//! A [`Track`](crate::Track) puts its scope into a thread-local around every poll and takes
//! it out again, so a handler finds its event without an argument, an extension or an
//! allocation, and whichever thread polls next finds it too.

use crate::{
    Endpoint,
    said::Said,
    shared::{self, Key},
    span::{self, Captured},
};
use slo_model::Mark;
use std::cell::Cell;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// False outside any event.
    pub(crate) active: bool,
    /// What is known of the event, unless work on other threads takes part in it.
    pub(crate) said: Said,
    /// Where it is kept what all those who take part in the event say.
    pub(crate) shared: Option<Key>,
}

thread_local! {
    static CURRENT: Cell<Scope> = const {
        Cell::new(Scope {
            active: false,
            said: Said::NOTHING,
            shared: None,
        })
    };
}

impl Scope {
    /// Runs `f` in this scope and keeps what `f` did to it, and the span of a handler that
    /// claimed it, also when `f` panics.
    #[inline]
    pub(crate) fn enter<R>(&mut self, span: &mut Captured, f: impl FnOnce() -> R) -> R {
        struct Leave<'a> {
            outer: Scope,
            scope: &'a mut Scope,
            span: &'a mut Captured,
            aside: span::Aside,
        }
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                let before = self.scope.said.endpoint;
                *self.scope = CURRENT.replace(self.outer);
                if before.is_none() && self.scope.said.endpoint.is_some() {
                    self.span.claimed();
                }
                self.aside.restore();
            }
        }
        let _leave = Leave {
            outer: CURRENT.replace(*self),
            scope: self,
            span,
            aside: span::set_aside(),
        };
        f()
    }

    /// Does something to what is said of the event, wherever that is kept; nothing where it
    /// has ended.
    #[inline]
    pub(crate) fn with<R>(&mut self, f: impl FnOnce(&mut Said) -> R) -> Option<R> {
        match self.shared {
            Some(key) => shared::with(key, f),
            None => Some(f(&mut self.said)),
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
    let mut scope = CURRENT.get();
    scope.active
        && scope.said.endpoint.is_none()
        && scope.with(|said| said.endpoint.is_none()) == Some(true)
}

/// Makes the current event one of `endpoint` and counts its start.
///
/// The first claim wins. True also where the same endpoint claims again, as it does when a
/// retry below the layer calls it a second time: that is still one event. False outside any
/// event and where another endpoint was first: the caller is an event of its own.
#[inline]
pub(crate) fn claim(endpoint: &'static Endpoint) -> bool {
    let mut scope = CURRENT.get();
    if !scope.active {
        return false;
    }
    if let Some(first) = scope.said.endpoint {
        return std::ptr::eq(first, endpoint);
    }
    let claim = |said: &mut Said| {
        said.claim(endpoint);
        said.endpoint
    };
    scope.said.endpoint = scope.with(claim).flatten();
    CURRENT.set(scope);
    let is_mine = scope
        .said
        .endpoint
        .is_some_and(|first| std::ptr::eq(first, endpoint));
    if is_mine {
        span::claimed();
    }
    is_mine
}

/// Lets the current event, if there is one that no handler has claimed, be the one of which
/// this was said, and whose start is counted already.
pub(crate) fn adopt(inner: Said) {
    update(|outer| {
        if outer.active {
            outer.with(|said| said.adopt(inner));
        }
    });
}

/// Sets the handler's own word; the last one stands. False outside any event.
pub(crate) fn mark(mark: Mark, reason: Option<&'static str>) -> bool {
    update(|scope| scope.active && scope.with(|said| said.mark(mark, reason)).is_some())
}

/// Takes over another service's word. False outside any event.
pub(crate) fn relay(word: Mark) -> bool {
    update(|scope| scope.active && scope.with(|said| said.relay(word)).is_some())
}
