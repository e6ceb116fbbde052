//! Layers within layers: whether a request inside another one's event is the same request.

use super::{Origin, Track};
use crate::{
    Endpoint,
    event::{
        claim::ClaimState,
        scope::{self, Scope},
    },
};

/// Returns `true` if another layer's event is entered that no handler has claimed yet: a layer that
/// finds itself inside another is to pass the same request through, and to count a new one.
#[inline]
pub fn is_tracked() -> bool {
    scope::is_unclaimed()
}

/// Returns `true` if the request of the event that is entered carries a mark of its layer, so that
/// another layer can tell it from a new request.
pub fn is_marked() -> bool {
    scope::update(|scope| scope.with(|claim| claim.is_marked())) == Some(true)
}

/// Says that the request of the event that is entered has passed a second layer.
pub fn set_doubled() {
    scope::update(|scope| scope.with(ClaimState::set_doubled));
}

/// Returns `true` if the request of the event that is entered has passed a second layer.
pub fn is_doubled() -> bool {
    scope::update(|scope| scope.with(|claim| claim.is_doubled())) == Some(true)
}

/// Makes the event that is entered one of this endpoint, if it is nobody's yet; for layers that
/// know the endpoint of a request that another layer counts. False outside any event, and where
/// another endpoint was first.
pub fn claim(endpoint: &'static Endpoint) -> bool {
    scope::claim(endpoint)
}

/// Takes the event that is entered out of all counts, if no handler has claimed it: for what is
/// asked about the counts themselves. Outside any event it does nothing.
pub fn disregard() {
    scope::update(|scope| scope.with(ClaimState::disregard));
}

impl<O: Origin> Track<O> {
    /// Gives the event up to the one that is entered around it: both stand for the same
    /// work. What a handler said already is kept.
    #[cold]
    pub fn merge_into_outer(&mut self) {
        if let Some(claim) = self.scope.with(|claim| *claim) {
            scope::adopt(claim);
        }
        self.discard();
    }

    /// Says that the request carries a mark of its layer; see [`is_marked`].
    #[cold]
    pub fn set_marked(&mut self) {
        self.scope.with(ClaimState::set_marked);
    }

    /// Says that it can't be told whether the event is another one than that which is entered
    /// around it; whether it is counted all the same.
    ///
    /// One that has its endpoint is: either way it is one event of that. The one around it counts
    /// only if a handler of its own claims it. Any other is given up. What is done within it counts
    /// nowhere, and the one around it counts only if a handler of its own claims it, or where its
    /// route is known.
    #[cold]
    pub fn set_undecided(&mut self) -> bool {
        let is_counted = self.scope.with(|claim| claim.endpoint().is_some()) == Some(true);
        if !is_counted {
            self.discard();
            self.scope = Scope {
                claim: ClaimState::UNCOUNTED,
            };
        }
        scope::undecided(is_counted);
        is_counted
    }
}
