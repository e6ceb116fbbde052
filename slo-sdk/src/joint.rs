//! An event that several take part in, on different threads.

use crate::{
    said::Said,
    sync::{Arc, Mutex, MutexGuard},
};
use std::sync::PoisonError;

/// What all of them say of it, behind a lock.
#[derive(Clone, Debug)]
pub(crate) struct Joint(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    said: Said,
    /// True once the event has ended, and nothing said of it counts any more.
    over: bool,
}

impl Joint {
    /// An event of which this has been said.
    pub(crate) fn new(said: Said) -> Joint {
        Joint(Arc::new(Mutex::new(State { said, over: false })))
    }

    /// What has been said by now.
    pub(crate) fn said(&self) -> Said {
        self.state().said
    }

    /// Does something to what is said of the event; nothing where it has ended.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut Said) -> R) -> Option<R> {
        let mut state = self.state();
        (!state.over).then(|| f(&mut state.said))
    }

    /// The same for the last time. Whoever asks later finds whose the event was.
    pub(crate) fn close<R>(&self, f: impl FnOnce(&mut Said) -> R) -> R {
        let mut state = self.state();
        state.over = true;
        f(&mut state.said)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::span::Reason;
    use slo_model::Mark;
    use std::thread;

    #[test]
    fn the_last_word_before_the_end_stands() {
        let joint = Joint::new(Said::NOTHING);
        let marks = [Mark::Good, Mark::Bad].map(|mark| {
            let joint = joint.clone();
            thread::spawn(move || {
                joint
                    .with(|said| said.mark(mark, Reason::NONE))
                    .map(|()| mark)
            })
        });
        let heard = marks.map(|mark| mark.join().ok().flatten());
        let last = joint.close(|said| said.word());
        assert!(
            heard.contains(&last) && last.is_some(),
            "{last:?} of {heard:?}"
        );
        assert_eq!(
            joint.with(|said| said.mark(Mark::Excluded, Reason::NONE)),
            None
        );
        assert_eq!(joint.said().word(), last);
    }
}
