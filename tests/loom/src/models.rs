//! What must hold in every order.

use crate::{
    Endpoint,
    count::cells::Tally,
    endpoint::PLACE,
    event::{claim::ClaimState, reason::Reason, shared::state::SharedState},
};
use loom::{model::Builder, thread};
use slo_model::{Ending, Mark};

/// Checks a model in every order with at most so many switches away from a thread that could
/// have gone on.
fn check(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.max_branches = 100_000;
    builder.check(model);
}

fn ended(tally: &Tally) -> u64 {
    tally.endings().map(|(.., events)| events).sum()
}

/// `Σ results + in flight = started`, with nothing below zero.
fn is_sound(tally: &Tally) {
    let ended = ended(tally);
    assert!(ended <= tally.started, "{ended} ended of {}", tally.started);
}

#[test]
fn an_event_never_ends_before_it_started() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let counts = |ending| {
            thread::spawn(move || {
                endpoint.start();
                endpoint.end(ending);
            })
        };
        let threads = [counts(Ending::Completed), counts(Ending::ServerError)];
        is_sound(&endpoint.read());
        for thread in threads {
            thread.join().unwrap();
        }
        let last = endpoint.read();
        assert_eq!((last.started, ended(&last)), (2, 2));
    });
}

#[test]
fn one_that_starts_here_may_end_on_another_thread() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        endpoint.start();
        let ends = thread::spawn(move || endpoint.end(Ending::Abandoned));
        is_sound(&endpoint.read());
        ends.join().unwrap();
        assert_eq!(ended(&endpoint.read()), 1);
    });
}

#[test]
fn what_threads_count_in_shards_of_their_own_adds_up() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let counts = |ending| {
            thread::spawn(move || {
                endpoint.as_a_thread(|slot| {
                    slot.start();
                    slot.end(ending, 0)
                })
            })
        };
        // The second may get the shard of the first, or one of its own.
        let threads = [counts(Ending::Completed), counts(Ending::ClientError)];
        is_sound(&endpoint.read());
        for thread in threads {
            assert!(thread.join().unwrap());
        }
        let last = endpoint.read();
        assert_eq!((last.started, ended(&last)), (2, 2));
    });
}

#[test]
fn one_that_starts_in_a_shard_may_end_in_anothers() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let ends = endpoint.as_a_thread(|slot| {
            slot.start();
            thread::spawn(move || endpoint.as_a_thread(|slot| slot.end(Ending::Completed, 1)))
        });
        is_sound(&endpoint.read());
        assert!(ends.join().unwrap());
        let last = endpoint.read();
        assert_eq!((last.started, ended(&last)), (1, 1));
    });
}

/// The page of the thread that starts the event is made while somebody reads; that of the thread
/// which ends it was there before.
#[test]
fn one_that_starts_in_a_new_page_may_end_in_an_old_one() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let (hands_on, handed) = loom::sync::mpsc::channel();
        let ends = thread::spawn(move || {
            endpoint.as_a_thread(|slot| {
                slot.start();
                slot.end(Ending::Completed, 0);
                handed.recv().unwrap();
                slot.end(Ending::Completed, 0)
            })
        });
        let starts = thread::spawn(move || {
            endpoint.as_a_thread(|slot| {
                slot.start();
                hands_on.send(()).unwrap();
            });
        });
        is_sound(&endpoint.read());
        starts.join().unwrap();
        assert!(ends.join().unwrap());
        let last = endpoint.read();
        assert_eq!((last.started, ended(&last)), (2, 2));
    });
}

/// Whoever comes first makes the cells, and a reader may find them not made, made, or in use.
#[test]
fn of_several_first_unusual_endings_none_is_lost() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let counts = |ending| {
            thread::spawn(move || {
                endpoint.start();
                endpoint.end(ending);
            })
        };
        let threads = [counts(Ending::Panicked), counts(Ending::Panicked)];
        let [first, second] = [(); 2].map(|()| endpoint.read());
        is_sound(&first);
        is_sound(&second);
        assert!(ended(&first) <= ended(&second));
        for thread in threads {
            thread.join().unwrap();
        }
        let last = endpoint.read();
        assert_eq!(last.ended[Ending::Panicked.index()][0], 2);
        assert_eq!((last.started, ended(&last)), (2, 2));
    });
}

#[test]
fn what_threads_count_in_a_common_shard_adds_up() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        endpoint.as_a_thread(|slot| {
            slot.start();
            assert!(slot.end(Ending::ClientError, 0));
            let counts = || {
                thread::spawn(move || {
                    endpoint.as_a_sharer(|common| {
                        assert!(common.start(PLACE));
                        assert!(common.end(PLACE, Ending::Completed, 0));
                    });
                })
            };
            let threads = [counts(), counts()];
            is_sound(&endpoint.read());
            for thread in threads {
                thread.join().unwrap();
            }
        });
        let last = endpoint.read();
        assert_eq!((last.started, ended(&last)), (3, 3));
    });
}

#[test]
fn what_threads_measure_in_a_common_shard_adds_up() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        endpoint.as_a_thread(|_| {
            let counts = |nanoseconds| {
                thread::spawn(move || {
                    endpoint.as_a_sharer(|common| {
                        assert!(common.measured(PLACE, 1, 0, nanoseconds));
                        assert!(common.end(PLACE, Ending::Completed, 0));
                    });
                })
            };
            let threads = [counts(10), counts(20)];
            // Whoever sees the end sees what it took.
            let completed = endpoint.completed();
            let (events, nanoseconds) = endpoint.measured();
            assert!(completed <= events && 10 * events <= nanoseconds);
            for thread in threads {
                thread.join().unwrap();
            }
        });
        assert_eq!(endpoint.completed(), 2);
        assert_eq!(endpoint.measured(), (2, 30));
    });
}

#[test]
fn one_that_turns_out_to_be_anothers_leaves_nothing_behind() {
    check(2, || {
        let endpoint = Endpoint::leaked();
        let moves = thread::spawn(move || {
            endpoint.start();
            endpoint.lose();
        });
        is_sound(&endpoint.read());
        moves.join().unwrap();
        assert_eq!(endpoint.read().started, 0);
    });
}

/// The track that ends a joint event: whose it was, and its mark.
fn end(state: &SharedState, bound_for: Option<&'static Endpoint>) -> ClaimState {
    let claim = state.close(|claim| {
        if claim.endpoint().is_none() {
            claim.resolve(|| bound_for);
        }
        *claim
    });
    if let Some(endpoint) = claim.endpoint() {
        endpoint.end(Ending::Completed);
    }
    claim
}

#[test]
fn of_several_claims_one_is_counted() {
    check(3, || {
        let (a, b) = (Endpoint::leaked(), Endpoint::leaked());
        let state = SharedState::new(ClaimState::UNCLAIMED);
        let claims = [a, b].map(|endpoint| {
            let state = state.clone();
            thread::spawn(move || state.with(|claim| claim.claim_for(endpoint)))
        });
        let claim = end(&state, None);
        for claimer in claims {
            claimer.join().unwrap();
        }
        let counts = [a, b].map(|endpoint| {
            let tally = endpoint.read();
            (tally.started, ended(&tally))
        });
        match claim.endpoint() {
            Some(_) => assert!(matches!(counts, [(1, 1), (0, 0)] | [(0, 0), (1, 1)])),
            // Both came too late, and neither has started anything.
            None => assert_eq!(counts, [(0, 0), (0, 0)]),
        }
    });
}

/// What the route of one that waited says at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TurnsOut {
    AsExpected,
    Anothers,
    Nobodys,
}

#[test]
fn one_that_waits_is_moved_to_whose_it_is_and_started_once() {
    for turns_out in [TurnsOut::AsExpected, TurnsOut::Anothers, TurnsOut::Nobodys] {
        check(3, move || {
            let [bound_for, claims, another] = [(); 3].map(|()| Endpoint::leaked());
            let mut claim = ClaimState::UNCLAIMED;
            claim.start_waiting(|| Some(bound_for));
            let state = SharedState::new(claim);
            let claimer = {
                let state = state.clone();
                thread::spawn(move || state.with(|claim| claim.claim_for(claims)))
            };
            let served_by = match turns_out {
                TurnsOut::AsExpected => Some(bound_for),
                TurnsOut::Anothers => Some(another),
                TurnsOut::Nobodys => None,
            };
            let claim = end(&state, served_by);
            let in_time = claimer.join().unwrap().is_some();
            let whose = claim.endpoint();
            let expected = if in_time { Some(claims) } else { served_by };
            assert_eq!(
                whose.map(std::ptr::from_ref),
                expected.map(std::ptr::from_ref),
                "{turns_out:?}"
            );
            for endpoint in [bound_for, claims, another] {
                let tally = endpoint.read();
                let events = u64::from(whose.is_some_and(|whose| std::ptr::eq(endpoint, whose)));
                assert_eq!(
                    (tally.started, ended(&tally)),
                    (events, events),
                    "{turns_out:?}"
                );
            }
        });
    }
}

#[test]
fn a_mark_is_heard_whole_or_not_at_all() {
    check(3, || {
        let endpoint = Endpoint::leaked();
        let mut claim = ClaimState::UNCLAIMED;
        claim.claim_for(endpoint);
        let state = SharedState::new(claim);
        let marks = {
            let state = state.clone();
            thread::spawn(move || {
                state.with(|claim| claim.mark(Mark::Bad, Reason::new(Some("stale"))))
            })
        };
        let last = end(&state, None);
        let heard = marks.join().unwrap().is_some();
        assert_eq!(
            heard,
            last.handler_mark() == Some(Mark::Bad) && last.reason() == Reason::new(Some("stale"))
        );
        assert_eq!(state.with(|_| ()), None);
    });
}
