//! An event that several take part in, on different threads.

use crate::{
    event::claim::ClaimState,
    sync::{Arc, Mutex, MutexGuard},
};
use std::sync::PoisonError;

/// What all of them say of it, behind a lock.
#[derive(Clone, Debug)]
pub(crate) struct SharedState(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    claim: ClaimState,
    /// True once the event has ended, and nothing said of it counts any more.
    over: bool,
}

impl SharedState {
    /// An event of which this has been said.
    pub(crate) fn new(claim: ClaimState) -> SharedState {
        SharedState(Arc::new(Mutex::new(State { claim, over: false })))
    }

    /// What has been said by now.
    pub(crate) fn claim(&self) -> ClaimState {
        self.state().claim
    }

    /// Does something to what is said of the event; `None` if it has ended.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut ClaimState) -> R) -> Option<R> {
        let mut state = self.state();
        (!state.over).then(|| f(&mut state.claim))
    }

    /// The same for the last time. Whoever asks later finds whose the event was.
    pub(crate) fn close<R>(&self, f: impl FnOnce(&mut ClaimState) -> R) -> R {
        let mut state = self.state();
        state.over = true;
        f(&mut state.claim)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::event::reason::Reason;
    use slo_model::Mark;
    use std::thread;

    #[test]
    fn the_last_word_before_the_end_stands() {
        let state = SharedState::new(ClaimState::OUTSIDE);
        let marks = [Mark::Good, Mark::Bad].map(|mark| {
            let state = state.clone();
            thread::spawn(move || {
                state
                    .with(|claim| claim.mark(mark, Reason::NONE))
                    .map(|()| mark)
            })
        });
        let heard = marks.map(|mark| mark.join().ok().flatten());
        let last = state.close(|claim| claim.handler_mark());
        assert!(
            heard.contains(&last) && last.is_some(),
            "{last:?} of {heard:?}"
        );
        assert_eq!(
            state.with(|claim| claim.mark(Mark::Excluded, Reason::NONE)),
            None
        );
        assert_eq!(state.claim().handler_mark(), last);
    }
}
