//! [`SloBody`].

use crate::{Classifier, Standard, answer::Answer, origin::RequestOrigin};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use slo_sdk::{Ending, Track};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
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
        // Nothing once the event has ended.
        rest: Option<Rest<C>>,
    }

    impl<B, C> PinnedDrop for SloBody<B, C>
    where
        B: Body,
        C: Classifier,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // A body may learn between two polls that nothing more comes; a server that asks
            // it then drops it without another poll, and all of it was sent.
            if this.inner.is_end_stream()
                && let Some(rest) = this.rest.take_if(|rest| !rest.track.is_polling())
            {
                rest.end(None);
            }
        }
    }
}

/// What is still to be known of an event whose head is sent.
#[derive(Debug)]
struct Rest<C> {
    track: Track<RequestOrigin>,
    answer: Answer,
    classifier: C,
}

impl<C: Classifier> Rest<C> {
    /// Ends the event where the body was sent to its end.
    fn end(self, trailers: Option<&HeaderMap>) {
        let answered = self.answer.end(trailers, &self.classifier);
        self.track.answered(answered);
    }
}

impl<B: Body, C: Classifier> SloBody<B, C> {
    pub(crate) fn counted(
        inner: B,
        track: Track<RequestOrigin>,
        answer: Answer,
        classifier: C,
    ) -> Self {
        let rest = Rest {
            track,
            answer,
            classifier,
        };
        if rest.answer.ends_with_its_head() || inner.is_end_stream() {
            rest.end(None);
            return SloBody { inner, rest: None };
        }
        SloBody {
            inner,
            rest: Some(rest),
        }
    }

    pub(crate) fn uncounted(inner: B) -> Self {
        SloBody { inner, rest: None }
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
        let mut this = self.project();
        let Some(Rest { track, answer, .. }) = this.rest else {
            return this.inner.poll_frame(cx);
        };
        let frame = ready!(track.enter(|| this.inner.as_mut().poll_frame(cx)));
        let is_last = match &frame {
            None | Some(Err(_)) => true,
            Some(Ok(part)) => answer.is_last(part, this.inner.is_end_stream()),
        };
        if is_last && let Some(rest) = this.rest.take() {
            match &frame {
                None => rest.end(None),
                Some(Ok(part)) => rest.end(part.trailers_ref()),
                Some(Err(_)) => rest.track.end(Ending::BodyError),
            }
        }
        Poll::Ready(frame)
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
