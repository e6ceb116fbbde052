//! [`SloBody`].

use crate::{answer::Answer, origin::RequestOrigin};
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
    pub struct SloBody<B>
    where
        B: Body,
    {
        #[pin]
        inner: B,
        // Nothing once the event has ended.
        rest: Option<Rest>,
    }

    impl<B> PinnedDrop for SloBody<B>
    where
        B: Body,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // A body may learn between two polls that nothing more comes; a server that asks
            // it then drops it without another poll, and all of it was sent.
            if this.inner.is_end_stream()
                && let Some(rest) = this.rest.take_if(|rest| !rest.track.is_polling())
            {
                rest.track.end(rest.answer.ending(None));
            }
        }
    }
}

/// What is still to be known of an event whose head is sent.
#[derive(Debug)]
struct Rest {
    track: Track<RequestOrigin>,
    answer: Answer,
}

impl<B: Body> SloBody<B> {
    pub(crate) fn counted(inner: B, mut track: Track<RequestOrigin>, answer: Answer) -> Self {
        if answer.ends_with_its_head() || inner.is_end_stream() {
            track.end(answer.ending(None));
            return SloBody { inner, rest: None };
        }
        if let Some(ending) = answer.failure() {
            track.failed(ending);
        }
        SloBody {
            inner,
            rest: Some(Rest { track, answer }),
        }
    }

    pub(crate) fn uncounted(inner: B) -> Self {
        SloBody { inner, rest: None }
    }
}

impl<B: Body + Default> Default for SloBody<B> {
    fn default() -> Self {
        SloBody::uncounted(B::default())
    }
}

impl<B: Body> Body for SloBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(Rest { track, answer }) = this.rest else {
            return this.inner.poll_frame(cx);
        };
        let frame = ready!(track.enter(|| this.inner.as_mut().poll_frame(cx)));
        let ending = match &frame {
            None => answer.ending(None),
            Some(Err(_)) => Ending::BodyError,
            Some(Ok(part)) => match answer.frame(part, this.inner.is_end_stream()) {
                Some(ending) => ending,
                None => return Poll::Ready(frame),
            },
        };
        if let Some(rest) = this.rest.take() {
            rest.track.end(ending);
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
