//! [`ResponseFuture`].

use crate::{
    Classifier, SloBody, Standard,
    answer::{Answer, Asked},
    origin::RequestOrigin,
    word,
};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use slo_sdk::{Ending, Track};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

pin_project! {
    /// The future of a counted request's answer.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F, C = Standard> {
        #[pin]
        inner: F,
        // Nothing where another layer counts.
        track: Option<Track<RequestOrigin>>,
        // True once nobody else can turn out to count the request.
        is_mine: bool,
        expected: Expected,
        classifier: Option<C>,
    }

    impl<F, C> PinnedDrop for ResponseFuture<F, C> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // The client left before anything was done.
            if let (false, Some(track)) = (*this.is_mine, this.track) {
                track.forget_unclaimed();
            }
        }
    }
}

/// What is known of an answer before it is there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) asked: Asked,
    /// The deadline that remains once the head is there: a server's timeout ends with it.
    pub(crate) client: Option<Duration>,
    /// True where the answer is to carry the service's own word.
    pub(crate) word: bool,
}

impl<F, C> ResponseFuture<F, C> {
    pub(crate) fn tracked(
        inner: F,
        track: Track<RequestOrigin>,
        is_mine: bool,
        expected: Expected,
        classifier: C,
    ) -> Self {
        ResponseFuture {
            inner,
            track: Some(track),
            is_mine,
            expected,
            classifier: Some(classifier),
        }
    }

    pub(crate) fn passed_through(inner: F, classifier: C) -> Self {
        ResponseFuture {
            inner,
            track: None,
            is_mine: false,
            expected: Expected::default(),
            classifier: Some(classifier),
        }
    }
}

impl<F, B, E, C> Future for ResponseFuture<F, C>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: 'static,
    B: Body,
    C: Classifier,
{
    type Output = Result<Response<SloBody<B, C>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if !std::mem::replace(this.is_mine, true) && slo_sdk::is_tracked() {
            // A buffer between two layers called this one outside the other's event, but
            // polls it inside.
            if let Some(track) = this.track.take() {
                track.hand_over();
            }
        }
        let Some(track) = this.track else {
            let response = ready!(this.inner.poll(cx))?;
            return Poll::Ready(Ok(response.map(SloBody::uncounted)));
        };
        let Poll::Ready(result) = track.enter(|| this.inner.poll(cx)) else {
            track.pending();
            return Poll::Pending;
        };
        let (Some(mut track), Some(classifier)) = (this.track.take(), this.classifier.take())
        else {
            unreachable!("both were there before the poll, and nobody else takes them");
        };
        Poll::Ready(match result {
            Err(error) => {
                track.end(classifier.error(&error).unwrap_or(Ending::ServerError));
                Err(error)
            }
            Ok(mut response) => {
                let answer = Answer::of(&response, this.expected.asked, &classifier);
                track.head(answer.head());
                track.deadline(this.expected.client);
                if this.expected.word {
                    let word = track.word().or_else(|| answer.word());
                    word::write(response.headers_mut(), word);
                }
                Ok(response.map(|body| SloBody::counted(body, track, answer, classifier)))
            }
        })
    }
}
