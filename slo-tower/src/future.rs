//! [`ResponseFuture`].

use crate::{
    SloBody,
    answer::{Answer, Asked},
    origin::RequestOrigin,
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
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        // Nothing where another layer counts.
        track: Option<Track<RequestOrigin>>,
        asked: Asked,
        polled: bool,
        // The deadline that remains once the head is there: a server's timeout ends with it.
        client: Option<Duration>,
    }

    impl<F> PinnedDrop for ResponseFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // The client left before anything was done.
            if let (false, Some(track)) = (*this.polled, this.track) {
                track.forget_unclaimed();
            }
        }
    }
}

impl<F> ResponseFuture<F> {
    pub(crate) fn tracked(
        inner: F,
        track: Track<RequestOrigin>,
        asked: Asked,
        client: Option<Duration>,
    ) -> Self {
        ResponseFuture {
            inner,
            track: Some(track),
            asked,
            polled: false,
            client,
        }
    }

    pub(crate) fn passed_through(inner: F) -> Self {
        ResponseFuture {
            inner,
            track: None,
            asked: Asked::default(),
            polled: false,
            client: None,
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<SloBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if !std::mem::replace(this.polled, true) && slo_sdk::is_tracked() {
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
        let result = ready!(track.enter(|| this.inner.poll(cx)));
        let Some(mut track) = this.track.take() else {
            unreachable!("the track was there before the poll, and nobody else takes it");
        };
        Poll::Ready(match result {
            Err(error) => {
                track.end(Ending::ServerError);
                Err(error)
            }
            Ok(response) => {
                track.headers();
                track.deadline(*this.client);
                let answer = Answer::of(&response, *this.asked);
                Ok(response.map(|body| SloBody::counted(body, track, answer)))
            }
        })
    }
}
