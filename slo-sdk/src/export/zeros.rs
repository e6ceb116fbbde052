//! Zeros first, until a collector has taken an export of this process.
//!
//! To whoever computes an increase, a series that starts at 7 has not increased. So as long as
//! no export was taken, each has every counter at 0, whatever was counted, and the counts follow
//! directly after the first that is taken. Where an answer is lost an export may have arrived all
//! the same; counts are then worth more than another try.
//!
//! Deltas begin at 0 by themselves, and have none of this.

use std::{
    process,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Between zeros and counts, so that a store which keeps milliseconds keeps both.
pub(super) const GAP: Duration = Duration::from_millis(5);

#[derive(Clone, Copy)]
struct State {
    /// Whose state it is. In a forked child it is the parent's, and the child begins again.
    process: u32,
    /// True once counts may be exported.
    over: bool,
    /// True where the last collection had zeros instead of counts.
    held_back: bool,
}

static STATE: Mutex<State> = Mutex::new(State {
    process: 0,
    over: false,
    held_back: false,
});

fn state() -> MutexGuard<'static, State> {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    if state.process != process::id() {
        *state = State {
            process: process::id(),
            over: false,
            held_back: false,
        };
    }
    state
}

/// True where a collection has to have zeros.
pub(crate) fn are_due() -> bool {
    !state().over
}

/// Takes note of a collection of zeros; whether there was anything to hold back.
pub(super) fn collected(held_back: bool) {
    state().held_back = held_back;
}

/// From now on counts are exported.
pub(crate) fn are_over() {
    state().over = true;
}

/// Whether the export that ends now had zeros instead of counts; true once for each.
pub(super) fn take_held_back() -> bool {
    std::mem::take(&mut state().held_back)
}
