//! [`SloBody`].

use crate::{Classifier, Standard, counting::body_end::BodyEnd};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use slo_sdk::{
    Ending,
    layer::{BodyPhase, Track},
};
use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

pin_project! {
    /// The body of a counted answer: the event ends with its last frame.
    #[derive(Debug)]
    pub struct SloBody<B, C = Standard>
    where
        B: Body,
        C: Classifier,
    {
        #[pin]
        inner: B,
        // `None` if another layer counts, or the event ended with the head.
        counting: Option<Counting<C>>,
    }

    impl<B, C> PinnedDrop for SloBody<B, C>
    where
        B: Body,
        C: Classifier,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(counting) = this.counting
                && !counting.track.has_ended()
            {
                counting.begin_drop(&*this.inner);
            }
        }
    }
}

/// An event whose answer has begun.
#[derive(Debug)]
struct Counting<C> {
    track: Track<BodyPhase>,
    rest: BodyEnd,
    classifier: C,
}

/// What a body is asked that is not polled; dropped by a panic, the event has panicked.
struct Asking<'a, C>(&'a Option<Counting<C>>);

impl<C> Drop for Asking<'_, C> {
    fn drop(&mut self) {
        if let Some(counting) = self.0 {
            counting.track.set_panicked();
        }
    }
}

impl<C> Asking<'_, C> {
    #[inline]
    fn run<R>(counting: &Option<Counting<C>>, ask: impl FnOnce() -> R) -> R {
        let asking = Asking(counting);
        let answer = ask();
        mem::forget(asking);
        answer
    }
}

impl<C: Classifier> Counting<C> {
    /// Ends the event where the body was sent to its end.
    fn end(&mut self, trailers: Option<&HeaderMap>) {
        let head = self.track.head_status();
        let answered = self.rest.end(head, trailers, &self.classifier);
        self.track.end_with(answered);
    }

    /// The body is about to be dropped. It may have learnt between two polls that nothing more
    /// comes; a server that asks it then drops it without another poll, and all of it was sent.
    #[cold]
    #[inline(never)]
    fn begin_drop(&mut self, body: &impl Body) {
        if self.track.begin_drop() && body.is_end_stream() {
            self.end(None);
        }
    }
}

/// What a poll of a body may find.
type Polled<B> = Option<Result<Frame<<B as Body>::Data>, <B as Body>::Error>>;

/// Polls a body whose event has not ended. Apart, so that one whose event has ended is polled for
/// the price of asking.
#[inline(never)]
fn poll_counted<B: Body, C: Classifier>(
    counting: &mut Counting<C>,
    mut inner: Pin<&mut B>,
    cx: &mut Context<'_>,
) -> Poll<Polled<B>> {
    let entered = counting.track.enter_guard();
    let poll = inner.as_mut().poll_frame(cx);
    // What the frame is asked below is the user's code, too.
    entered.step_out();
    match &poll {
        Poll::Pending => {}
        Poll::Ready(None) => counting.end(None),
        Poll::Ready(Some(Err(_))) => counting.track.end(Ending::BodyError),
        Poll::Ready(Some(Ok(part))) => {
            let head = counting.track.head_status();
            let Counting {
                rest, classifier, ..
            } = counting;
            if let Some(answered) = rest.passed(part, inner.as_ref().get_ref(), head, classifier) {
                counting.track.end_with(answered);
            }
        }
    }
    counting.track.pause();
    poll
}

impl<B: Body, C: Classifier> SloBody<B, C> {
    #[inline]
    pub(crate) fn counted(inner: B, track: Track<BodyPhase>, rest: BodyEnd, classifier: C) -> Self {
        SloBody {
            inner,
            counting: Some(Counting {
                track,
                rest,
                classifier,
            }),
        }
    }

    pub(crate) fn uncounted(inner: B) -> Self {
        SloBody {
            inner,
            counting: None,
        }
    }
}

impl<B: Body + Default, C: Classifier> Default for SloBody<B, C> {
    fn default() -> Self {
        SloBody::uncounted(B::default())
    }
}

impl<B: Body, C: Classifier> Body for SloBody<B, C> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        match this.counting {
            Some(counting) if !counting.track.has_ended() => poll_counted(counting, this.inner, cx),
            _ => this.inner.poll_frame(cx),
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        Asking::run(&self.counting, || self.inner.is_end_stream())
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        Asking::run(&self.counting, || self.inner.size_hint())
    }
}
