//! What the annotation wraps a function's work in.

use crate::{
    Endpoint,
    event::{
        call::{self, Call},
        judge::Judgement,
        scope,
        track::Track,
    },
};
use pin_project_lite::pin_project;
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
    /// is first polled. Anywhere else it is a separate event.
    #[must_use = "futures do nothing unless polled"]
    pub struct AnnotatedFuture<F, J> {
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
    Own(Track<Call>),
    Done,
}

impl<F, J> fmt::Debug for AnnotatedFuture<F, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnnotatedFuture")
            .field("endpoint", &self.endpoint.declaration().name)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Wraps the future of an annotated function; `judge` knows what its value says.
pub fn annotate<F, J>(endpoint: &'static Endpoint, future: F, judge: J) -> AnnotatedFuture<F, J>
where
    F: Future,
    J: FnOnce(&F::Output) -> Judgement,
{
    AnnotatedFuture {
        endpoint,
        future,
        judge: Some(judge),
        state: State::Unpolled,
    }
}

impl<F, J> Future for AnnotatedFuture<F, J>
where
    F: Future,
    J: FnOnce(&F::Output) -> Judgement,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if matches!(this.state, State::Unpolled) {
            if claims(this.endpoint) {
                *this.state = State::Claimed;
                return this.future.poll(cx);
            }
            begin(this.state, this.endpoint);
        }
        let State::Own(track) = this.state else {
            return this.future.poll(cx);
        };
        let entered = track.enter_guard();
        let poll = this.future.poll(cx);
        entered.leave();
        let value = ready!(poll);
        if let Some(judge) = this.judge.take() {
            call::end(track, this.endpoint, judge(&value));
        }
        *this.state = State::Done;
        Poll::Ready(value)
    }
}

/// The function counts itself.
#[cold]
#[inline(never)]
fn begin(state: &mut State, endpoint: &'static Endpoint) {
    *state = State::Own(call::start(endpoint));
}

/// Runs an annotated function that is not async.
#[inline]
pub fn run<R>(
    endpoint: &'static Endpoint,
    work: impl FnOnce() -> R,
    judge: impl FnOnce(&R) -> Judgement,
) -> R {
    if claims(endpoint) {
        return work();
    }
    let mut track = call::start(endpoint);
    let value = track.enter(work);
    call::end(&mut track, endpoint, judge(&value));
    value
}

fn claims(endpoint: &'static Endpoint) -> bool {
    !endpoint.is_own_event() && scope::claim(endpoint)
}
