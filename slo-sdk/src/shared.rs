//! Events that work on other tasks and threads takes part in.
//!
//! Most events are known to one place only, their track, which needs no lock. What
//! [`Current::carry`](crate::Current::carry) carries elsewhere makes an event known to
//! several, so from then on what is said of it is kept here, behind a lock of its own.

use crate::{
    scope::{Said, Scope},
    waiting::Waiting,
};
use std::{
    collections::BTreeMap,
    num::NonZeroU64,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// Which shared event; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(NonZeroU64);

/// An event that is known to several.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    key: Key,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    said: Said,
    waiting: Option<Waiting>,
    /// True once the event has ended, and nothing said of it counts any more.
    over: bool,
}

/// Those that have not ended.
static EVENTS: Mutex<BTreeMap<Key, Shared>> = Mutex::new(BTreeMap::new());

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Shared {
    /// The event of this scope, which is shared from now on.
    pub(crate) fn of(scope: &mut Scope) -> Option<Shared> {
        if !scope.active {
            return None;
        }
        if let Some(key) = scope.shared {
            return events().get(&key).cloned();
        }
        let shared = Shared {
            key: Key(NonZeroU64::new(NEXT.fetch_add(1, Relaxed))?),
            state: Arc::new(Mutex::new(State {
                said: scope.said,
                waiting: scope.waiting.take(),
                over: false,
            })),
        };
        events().insert(shared.key, shared.clone());
        scope.shared = Some(shared.key);
        Some(shared)
    }

    /// The scope of work that takes part in the event.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            active: true,
            said: self.state().said,
            waiting: None,
            shared: Some(self.key),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does something to what is said of an event; nothing where it has ended.
#[cold]
pub(crate) fn with<R>(key: Key, f: impl FnOnce(&mut Said, &mut Option<Waiting>) -> R) -> Option<R> {
    let shared = events().get(&key).cloned()?;
    let mut state = shared.state();
    let State {
        said,
        waiting,
        over,
    } = &mut *state;
    (!*over).then(|| f(said, waiting))
}

/// The same for the last time. Whoever claims the event later finds whose it was.
#[cold]
pub(crate) fn close<R>(
    key: Key,
    f: impl FnOnce(&mut Said, &mut Option<Waiting>) -> R,
) -> Option<R> {
    let shared = events().remove(&key)?;
    let mut state = shared.state();
    state.over = true;
    let State { said, waiting, .. } = &mut *state;
    Some(f(said, waiting))
}

fn events() -> MutexGuard<'static, BTreeMap<Key, Shared>> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
