//! Events that work on other tasks and threads takes part in.
//!
//! Most events are known to one place only, their track, which needs no lock. What
//! [`Current::carry`](crate::Current::carry) carries elsewhere makes an event known to
//! several, so from then on what is said of it is kept in a [`Joint`], found by a key.

use crate::{Endpoint, joint::Joint, said::Said, scope::Scope};
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
pub(crate) struct Shared {
    key: Key,
    joint: Joint,
}

/// Those that have not ended.
static EVENTS: Mutex<BTreeMap<Key, Joint>> = Mutex::new(BTreeMap::new());

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Shared {
    /// The event of this scope, which is shared from now on.
    pub(crate) fn of(scope: &mut Scope) -> Option<Shared> {
        if !scope.said.is_event() {
            return None;
        }
        if let Some(key) = scope.shared() {
            let joint = events().get(&key).cloned()?;
            return Some(Shared { key, joint });
        }
        let key = Key(NonZeroU64::new(NEXT.fetch_add(1, Relaxed))?);
        let joint = Joint::new(scope.said);
        // What waits is kept in one place only.
        scope.said = scope.said.without_waiting().kept_at(key.0);
        events().insert(key, joint.clone());
        Some(Shared { key, joint })
    }

    /// The scope of work that takes part in the event.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            said: self.joint.said().without_waiting().kept_at(self.key.0),
        }
    }
}

/// Does something to what is said of an event; nothing where it has ended.
#[cold]
pub(crate) fn with<R>(key: Key, f: impl FnOnce(&mut Said) -> R) -> Option<R> {
    let joint = events().get(&key).cloned()?;
    joint.with(f)
}

/// Makes an event one of this endpoint, if it is nobody's yet. Whose it then is; nothing
/// where it has ended.
#[cold]
pub(crate) fn claim(key: Key, endpoint: &'static Endpoint) -> Option<&'static Endpoint> {
    with(key, |said| {
        said.claim(endpoint);
        said.endpoint()
    })
    .flatten()
}

/// The same as [`with`] for the last time.
#[cold]
pub(crate) fn close<R>(key: Key, f: impl FnOnce(&mut Said) -> R) -> Option<R> {
    let joint = events().remove(&key)?;
    Some(joint.close(f))
}

fn events() -> MutexGuard<'static, BTreeMap<Key, Joint>> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
