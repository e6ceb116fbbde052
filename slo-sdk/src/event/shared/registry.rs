//! Events that work on other tasks and threads takes part in.
//!
//! Most events are known to one place only, their track, which needs no lock. What
//! [`Current::carry`](crate::Current::carry) carries elsewhere makes an event known to
//! several, so from then on what is said of it is kept in a [`SharedState`], found by a key. So is
//! what a log record is to say and a track has no room for.

use crate::{
    Endpoint,
    event::{
        claim::ClaimState, packed::MAX_SHARED, scope::Scope, shared::state::SharedState,
        trace::TraceContext,
    },
};
use std::{
    borrow::Cow,
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

/// What else is kept of an event, for its log record.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) trace: Option<TraceContext>,
    /// The template that matched.
    pub(crate) route: Option<Cow<'static, str>>,
}

#[derive(Debug)]
struct Entry {
    state: SharedState,
    context: Option<Box<Context>>,
}

type Events = BTreeMap<Key, Entry>;

/// Events under neighbouring numbers don't wait for each other.
const SHARDS: usize = 16;

/// Those that have not ended.
static EVENTS: [Mutex<Events>; SHARDS] = [const { Mutex::new(Events::new()) }; SHARDS];

static NEXT: AtomicU64 = AtomicU64::new(1);

impl SharedEvent {
    /// The event of this scope, which is shared from now on.
    pub(crate) fn join(scope: &mut Scope) -> Option<SharedEvent> {
        if !scope.claim.is_event() {
            return None;
        }
        if let Some(key) = scope.shared() {
            let state = state(key)?;
            return Some(SharedEvent { key, state });
        }
        let key = Key(NonZeroU64::new(NEXT.fetch_add(1, Relaxed) & MAX_SHARED)?);
        let state = SharedState::new(scope.claim);
        // What waits is kept in one place only.
        scope.claim = scope.claim.without_waiting().shared_as(key.0);
        let entry = Entry {
            state: state.clone(),
            context: None,
        };
        events(key).insert(key, entry);
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
    state(key)?.with(f)
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
    let entry = events(key).remove(&key)?;
    Some(entry.state.close(f))
}

/// Keeps something for the log record of the event of this scope.
#[cold]
pub(crate) fn keep(scope: &mut Scope, what: impl FnOnce(&mut Context)) {
    if let Some(SharedEvent { key, .. }) = SharedEvent::join(scope)
        && let Some(entry) = events(key).get_mut(&key)
    {
        what(entry.context.get_or_insert_default());
    }
}

/// What was kept for the log record.
#[cold]
pub(crate) fn take_context(key: Key) -> Option<Box<Context>> {
    events(key).get_mut(&key)?.context.take()
}

fn state(key: Key) -> Option<SharedState> {
    Some(events(key).get(&key)?.state.clone())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only the lowest bits are of interest"
)]
fn events(key: Key) -> MutexGuard<'static, Events> {
    let shard = &EVENTS[key.0.get() as usize % SHARDS];
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
