//! Events that work on other tasks and threads takes part in.
//!
//! Most events are known to one place only, their track, which needs no lock. What
//! [`Current::carry`](crate::Current::carry) carries elsewhere makes an event known to
//! several, so from then on what is said of it is kept in a [`SharedState`], found by a key.

use crate::{
    Endpoint,
    event::{claim::ClaimState, scope::Scope, shared::state::SharedState},
};
use std::{
    collections::BTreeMap,
    num::NonZeroU64,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// Which shared event; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) NonZeroU64);

/// An event that is known to several.
#[derive(Clone, Debug)]
pub(crate) struct SharedEvent {
    key: Key,
    state: SharedState,
}

/// Those that have not ended.
static EVENTS: Mutex<BTreeMap<Key, SharedState>> = Mutex::new(BTreeMap::new());

static NEXT: AtomicU64 = AtomicU64::new(1);

impl SharedEvent {
    /// The event of this scope, which is shared from now on.
    pub(crate) fn join(scope: &mut Scope) -> Option<SharedEvent> {
        if !scope.claim.is_event() {
            return None;
        }
        if let Some(key) = scope.shared() {
            let state = events().get(&key).cloned()?;
            return Some(SharedEvent { key, state });
        }
        let key = Key(NonZeroU64::new(NEXT.fetch_add(1, Relaxed))?);
        let state = SharedState::new(scope.claim);
        // What waits is kept in one place only.
        scope.claim = scope.claim.without_waiting().shared_as(key.0);
        events().insert(key, state.clone());
        Some(SharedEvent { key, state })
    }

    /// The scope of work that takes part in the event.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            claim: self.state.claim().without_waiting().shared_as(self.key.0),
        }
    }
}

/// Does something to what is said of an event; `None` if it has ended.
#[cold]
pub(crate) fn with<R>(key: Key, f: impl FnOnce(&mut ClaimState) -> R) -> Option<R> {
    let state = events().get(&key).cloned()?;
    state.with(f)
}

/// Makes an event one of this endpoint, if it is nobody's yet. Whose it then is; `None`
/// if it has ended.
#[cold]
pub(crate) fn claim(key: Key, endpoint: &'static Endpoint) -> Option<&'static Endpoint> {
    with(key, |claim| {
        claim.claim_for(endpoint);
        claim.endpoint()
    })
    .flatten()
}

/// The same as [`with`] for the last time.
#[cold]
pub(crate) fn close<R>(key: Key, f: impl FnOnce(&mut ClaimState) -> R) -> Option<R> {
    let state = events().remove(&key)?;
    Some(state.close(f))
}

fn events() -> MutexGuard<'static, BTreeMap<Key, SharedState>> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
