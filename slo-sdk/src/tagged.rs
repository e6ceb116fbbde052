//! What the annotation wraps a function's work in.

use crate::{Endpoint, Track, scope};
use pin_project_lite::pin_project;
use slo_model::Ending;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

pin_project! {
    /// The future of an annotated function.
    ///
    /// Under a layer it only tells the layer which endpoint the request belongs to, when it
    /// is first polled. Anywhere else it is an event of its own.
    #[must_use = "futures do nothing unless polled"]
    pub struct Tagged<F, J> {
        endpoint: &'static Endpoint,
        #[pin]
        future: F,
        judge: Option<J>,
        state: State,
    }
}

#[derive(Debug)]
enum State {
    Unpolled,
    /// The layer counts.
    Claimed,
    /// The function counts itself.
    Own(Track),
    Done,
}

impl<F, J> fmt::Debug for Tagged<F, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tagged")
            .field("endpoint", &self.endpoint.declaration().name)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Wraps the future of an annotated function; `judge` says whether its value is good.
pub fn tag<F, J>(endpoint: &'static Endpoint, future: F, judge: J) -> Tagged<F, J>
where
    F: Future,
    J: FnOnce(&F::Output) -> bool,
{
    Tagged {
        endpoint,
        future,
        judge: Some(judge),
        state: State::Unpolled,
    }
}

impl<F, J> Future for Tagged<F, J>
where
    F: Future,
    J: FnOnce(&F::Output) -> bool,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if matches!(this.state, State::Unpolled) {
            *this.state = if claims(this.endpoint) {
                State::Claimed
            } else {
                State::Own(Track::own(this.endpoint))
            };
        }
        let State::Own(track) = this.state else {
            return this.future.poll(cx);
        };
        let entered = track.entered();
        let poll = this.future.poll(cx);
        entered.leave();
        let value = ready!(poll);
        track.end(ending(this.judge.take(), &value));
        *this.state = State::Done;
        Poll::Ready(value)
    }
}

/// Runs an annotated function that is not async.
#[inline]
pub fn run<R>(
    endpoint: &'static Endpoint,
    work: impl FnOnce() -> R,
    judge: impl FnOnce(&R) -> bool,
) -> R {
    if claims(endpoint) {
        return work();
    }
    let mut track = Track::own(endpoint);
    let value = track.enter(work);
    track.end(ending(Some(judge), &value));
    value
}

fn claims(endpoint: &'static Endpoint) -> bool {
    !endpoint.is_own_event() && scope::claim(endpoint)
}

fn ending<T>(judge: Option<impl FnOnce(&T) -> bool>, value: &T) -> Ending {
    if judge.is_none_or(|judge| judge(value)) {
        Ending::Completed
    } else {
        Ending::ServerError
    }
}

/// A value that is asked whether it is good: `Err` is not, everything else is.
///
/// Which of the two traits below answers is decided by how many references the method call
/// has to look through (`&&Probe(value)`), so it works without knowing the type.
#[derive(Debug)]
pub struct Probe<T>(pub T);

/// Answers for `Result`.
pub trait ViaResult {
    /// True for `Ok`.
    fn is_good(&self) -> bool;
}

impl<T, E> ViaResult for &Probe<&Result<T, E>> {
    fn is_good(&self) -> bool {
        self.0.is_ok()
    }
}

/// Answers for everything else.
pub trait ViaAny {
    /// True.
    fn is_good(&self) -> bool;
}

impl<T> ViaAny for Probe<T> {
    fn is_good(&self) -> bool {
        true
    }
}

/// Asks a reference to a value whether it is good; see [`Probe`].
#[doc(hidden)]
#[macro_export]
macro_rules! __judge {
    ($value:expr) => {{
        use $crate::__private::judges::*;
        (&&$crate::__private::Probe($value)).is_good()
    }};
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_errors_are_bad() {
        use crate::__judge as judge;
        assert!(judge!(&Ok::<u8, ()>(1)));
        assert!(!judge!(&Err::<u8, ()>(())));
        assert!(judge!(&1));
        assert!(judge!(&Option::<u8>::None));
        struct Own;
        assert!(judge!(&Own));
        type Alias = Result<String, std::fmt::Error>;
        let alias: Alias = Err(std::fmt::Error);
        assert!(!judge!(&alias));
    }
}
