//! Which event the code that runs now belongs to.
//!
//! A [`Track`](crate::Track) puts its scope into a thread-local around every poll and takes
//! it out again, so a handler finds its event without an argument, an extension or an
//! allocation, and whichever thread polls next finds it too.

use crate::{
    Endpoint,
    span::{self, Captured},
};
use slo_model::Mark;
use std::cell::Cell;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// False outside any event.
    pub(crate) active: bool,
    /// The endpoint that claimed the event; its start is counted.
    pub(crate) endpoint: Option<&'static Endpoint>,
    /// The handler's own word.
    pub(crate) mark: Option<Mark>,
    /// Why it said so.
    pub(crate) reason: Option<&'static str>,
}

thread_local! {
    static CURRENT: Cell<Scope> = const {
        Cell::new(Scope { active: false, endpoint: None, mark: None, reason: None })
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
                let before = self.scope.endpoint;
                *self.scope = CURRENT.replace(self.outer);
                if before.is_none() && self.scope.endpoint.is_some() {
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
}

/// The scope that is entered on this thread.
pub(crate) fn current() -> Scope {
    CURRENT.get()
}

/// Makes the current event one of `endpoint` and counts its start.
///
/// The first claim wins. True also where the same endpoint claims again, as it does when a
/// retry below the layer calls it a second time: that is still one event. False outside any
/// event and where another endpoint was first: the caller is an event of its own.
#[inline]
pub(crate) fn claim(endpoint: &'static Endpoint) -> bool {
    let mut scope = CURRENT.get();
    match scope.endpoint {
        _ if !scope.active => false,
        Some(first) => std::ptr::eq(first, endpoint),
        None => {
            endpoint.start();
            scope.endpoint = Some(endpoint);
            CURRENT.set(scope);
            span::claimed();
            true
        }
    }
}

/// Lets the current event, if there is one that no handler has claimed, be the one of this
/// scope, whose start is counted already.
pub(crate) fn adopt(inner: Scope) {
    let outer = CURRENT.get();
    if outer.active && outer.endpoint.is_none() {
        let said = match inner.mark {
            Some(_) => inner,
            None => outer,
        };
        CURRENT.set(Scope {
            mark: said.mark,
            reason: said.reason,
            ..inner
        });
    }
}

/// Sets the handler's own word; the last one stands. False outside any event.
pub(crate) fn mark(mark: Mark, reason: Option<&'static str>) -> bool {
    let mut scope = CURRENT.get();
    if scope.active {
        scope.mark = Some(mark);
        scope.reason = reason;
        CURRENT.set(scope);
    }
    scope.active
}
