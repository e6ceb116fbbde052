//! The shard of the thread that runs.

use crate::{
    count::{
        shards::{All, Counters, Shard, Shards},
        shared_shard::SharedShard,
    },
    process, registry, watch,
};
use std::{cell::Cell, sync::LazyLock, thread};

static SHARDS: Shards = Shards::new();

thread_local! {
    // Have no destructor, so that reading them asks for nothing. Two, so that an owner asks for one.
    static OWN: Cell<Option<&'static Shard>> = const { Cell::new(None) };
    static SHARED: Cell<Option<&'static SharedShard>> = const { Cell::new(None) };

    /// Has one, which hands the shard on.
    static KEEPER: Keeper = Keeper(SHARDS.take(registry::endpoint_count() + SPARE_ENDPOINTS, *MOST_OWNERS));
}

/// Threads that own a shard at most: no more than twice as many as can run at a time, and enough
/// for a small machine's runtime.
static MOST_OWNERS: LazyLock<usize> = LazyLock::new(|| {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    (2 * processors).max(4)
});

/// Room for endpoints that a linker did not collect and nobody has called yet.
const SPARE_ENDPOINTS: usize = 16;

struct Keeper(Counters);

impl Drop for Keeper {
    fn drop(&mut self) {
        // In a common one the thread may count to its very end.
        if let Counters::Own(shard) = self.0 {
            OWN.set(None);
            SHARDS.give(shard);
        }
    }
}

/// Returns the shard that this thread owns; `None` if it counts in a [`common`] one, and while it
/// ends.
#[inline]
pub(crate) fn shard() -> Option<&'static Shard> {
    OWN.get().or_else(without_own)
}

#[cold]
fn without_own() -> Option<&'static Shard> {
    match SHARED.get() {
        Some(_) => None,
        None => first(),
    }
}

#[cold]
fn first() -> Option<&'static Shard> {
    process::began();
    watch::first_event();
    match KEEPER.try_with(|keeper| keeper.0).ok()? {
        Counters::Own(shard) => OWN.set(Some(shard)),
        Counters::SharedShard(shared) => SHARED.set(Some(shared)),
    }
    OWN.get()
}

/// Returns the shard that this thread shares with others, once [`shard`] has found that it owns
/// none.
#[inline]
pub(crate) fn common() -> Option<&'static SharedShard> {
    SHARED.get()
}

/// Those of all threads.
pub(crate) fn all() -> All<'static> {
    SHARDS.all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Endpoint,
        count::{cells::Tally, durations},
    };
    use slo_model::{Declaration, Ending, Journey, Objectives};
    use std::{
        cell::RefCell,
        sync::{
            Barrier,
            atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
        },
    };

    static DECLARATION: Declaration = Declaration::new(
        "crowded",
        Journey::new("crowd").objectives(Objectives::new().availability(99.0)),
    );
    static ENDPOINT: Endpoint = Endpoint::new(&DECLARATION);

    fn count(ending: Ending) {
        ENDPOINT.start();
        ENDPOINT.end(ending, 0, 1_000);
    }

    /// Counts when the thread ends.
    struct Late;

    impl Drop for Late {
        fn drop(&mut self) {
            count(Ending::ClientError);
        }
    }

    // One is made before the thread has a shard and one after, so that one outlives the keeper.
    thread_local! {
        static BEFORE: RefCell<Option<Late>> = const { RefCell::new(None) };
        static AFTER: RefCell<Option<Late>> = const { RefCell::new(None) };
    }

    #[test]
    fn beyond_the_cap_threads_share_and_no_event_is_lost() {
        const ENDINGS: [Ending; 3] = [Ending::Completed, Ending::ServerError, Ending::Panicked];
        const EVENTS: usize = if cfg!(miri) { 5 } else { 2_000 };
        durations::switch_on();
        let threads = *MOST_OWNERS + 9;
        let (owners, sharers) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let all_count = Barrier::new(threads);
        let done = AtomicBool::new(false);
        let ended = |tally: &Tally| tally.endings().map(|(.., events)| events).sum::<u64>();
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut before = 0;
                while !done.load(Relaxed) {
                    let tally = ENDPOINT.read();
                    let now = ended(&tally);
                    assert!(before <= now && now <= tally.started, "{before} {tally:?}");
                    before = now;
                }
            });
            let counts = || {
                BEFORE.replace(Some(Late));
                count(Ending::Completed);
                AFTER.replace(Some(Late));
                let kind = match (shard(), common()) {
                    (Some(_), None) => &owners,
                    (None, Some(_)) => &sharers,
                    other => panic!("{other:?}"),
                };
                kind.fetch_add(1, Relaxed);
                all_count.wait();
                for event in 0..EVENTS {
                    count(ENDINGS[event % ENDINGS.len()]);
                }
            };
            let counting: Vec<_> = (0..threads).map(|_| scope.spawn(counts)).collect();
            for thread in counting {
                thread.join().unwrap();
            }
            done.store(true, Relaxed);
            reader.join().unwrap();
        });
        assert!(owners.into_inner() <= *MOST_OWNERS);
        assert!(sharers.into_inner() >= 9);
        let last = ENDPOINT.read();
        let of = |ending: Ending| last.ended[ending.index()][0];
        let each = |n: usize| (n * threads) as u64;
        assert_eq!(last.started, each(EVENTS + 3));
        assert_eq!(of(Ending::ClientError), each(2));
        let completed = each(EVENTS.div_ceil(3) + 1);
        assert_eq!(of(Ending::Completed), completed);
        assert_eq!(ended(&last), last.started);
        let durations = ENDPOINT.durations().unwrap();
        assert_eq!(durations.count(), completed);
        assert_eq!(durations.sum().as_nanos(), u128::from(1_000 * completed));
    }
}
