//! The event of a request, in work that the request spawns.

use crate::{
    Current,
    event::{scope, shared::SharedEvent, span::Captured},
};
use pin_project_lite::pin_project;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// A part in an event, for work on other threads and tasks; made by [`Current::carry`].
///
/// The event does not wait for it: once its answer is sent it has ended, and nothing said
/// of it counts any more. A function whose endpoint has the event already is still no event
/// of its own then.
#[derive(Clone, Debug)]
pub struct EventHandle(Option<SharedEvent>);

impl Current {
    /// Returns a part in the event, to be taken elsewhere. Outside any event it does nothing.
    ///
    /// ```
    /// let event = slo_sdk::current().carry();
    /// std::thread::spawn(move || event.enter(|| slo_sdk::current().bad("stale")));
    /// ```
    pub fn carry(self) -> EventHandle {
        EventHandle(scope::update(SharedEvent::join))
    }
}

impl EventHandle {
    /// Runs some work within the event: annotated functions claim it and marks are its marks.
    pub fn enter<R>(&self, work: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(shared) => {
                let (mut scope, mut span) = (shared.scope(), Captured::current());
                let _entered = scope.enter(&mut span);
                work()
            }
            None => work(),
        }
    }
}

/// Takes the event of the code that runs along with a future that is polled elsewhere.
///
/// ```
/// use slo_sdk::InCurrentSlo;
///
/// async fn handler() {
///     let priced = tokio::spawn(async { 42 }.in_current_slo());
///     let _ = priced.await;
/// }
/// ```
pub trait InCurrentSlo: Future + Sized {
    /// The future, within the event of the code that calls this; see [`EventHandle`].
    fn in_current_slo(self) -> Instrumented<Self> {
        Instrumented {
            event: crate::current().carry(),
            future: self,
        }
    }
}

impl<F: Future> InCurrentSlo for F {}

pin_project! {
    /// A future within an event; made by [`InCurrentSlo::in_current_slo`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Instrumented<F> {
        event: EventHandle,
        #[pin]
        future: F,
    }
}

impl<F> Instrumented<F> {
    /// Returns the handle of the event.
    pub fn event(&self) -> &EventHandle {
        &self.event
    }

    /// Returns the future inside.
    pub fn get_ref(&self) -> &F {
        &self.future
    }

    /// Returns the future inside, to be changed.
    pub fn get_mut(&mut self) -> &mut F {
        &mut self.future
    }

    /// Returns the future inside, outside of any event.
    pub fn into_inner(self) -> F {
        self.future
    }
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.event.enter(|| this.future.poll(cx))
    }
}
