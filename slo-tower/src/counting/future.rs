//! [`ResponseFuture`].

use crate::{
    Classifier, SloBody, Standard,
    counting::{
        answer::Answer,
        nested::{self, Relation, Standing},
        origin::RequestOrigin,
    },
    result_header,
};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use slo_sdk::{
    Ending,
    layer::{Deadline, Track},
};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

pin_project! {
    /// The future of a counted request's answer.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F, C = Standard> {
        #[pin]
        pub(crate) inner: F,
        // `None` if another layer counts.
        pub(crate) counting: Option<Counting<C>>,
    }

    impl<F, C> PinnedDrop for ResponseFuture<F, C> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            if let Some(counting) = this.project().counting
                && !counting.track.has_ended()
            {
                counting.begin_drop();
            }
        }
    }
}

/// The event of a request whose answer is not there yet.
#[derive(Debug)]
pub(crate) struct Counting<C> {
    pub(crate) track: Track<RequestOrigin>,
    /// Whether somebody else may turn out to count the request.
    pub(crate) standing: Standing,
    /// True where the answer is to carry the service's own word.
    pub(crate) announces: bool,
    /// The deadline that remains once the head is there: a server's timeout ends with it.
    pub(crate) client: Deadline,
    pub(crate) classifier: C,
}

impl<C> Counting<C> {
    /// The future is about to be dropped before it was done.
    #[cold]
    #[inline(never)]
    fn begin_drop(&mut self) {
        let is_unpolled = self.track.is_unpolled();
        if self.track.begin_drop() && is_unpolled && self.standing != Standing::Settled {
            // The client left before anything was done.
            self.track.forget_unclaimed();
        }
    }
}

impl<F, C> ResponseFuture<F, C> {
    pub(crate) fn passed_through(inner: F) -> Self {
        ResponseFuture {
            inner,
            counting: None,
        }
    }

    /// A buffer between two layers called this one outside the other's event, but polls it
    /// inside.
    #[cold]
    #[inline(never)]
    fn begin_within_another(self: Pin<&mut Self>) {
        let this = self.project();
        let Some(counting) = this.counting else {
            return;
        };
        let standing = std::mem::replace(&mut counting.standing, Standing::Settled);
        if counting.track.has_ended() {
            return;
        }
        match nested::relation(standing) {
            Relation::Same => {
                counting.track.merge_into_outer();
                *this.counting = None;
            }
            Relation::Another => {}
            Relation::Unknown => nested::report(counting.track.set_undecided()),
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

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        let Some(counting) = this.counting else {
            let response = ready!(this.inner.poll(cx))?;
            return Poll::Ready(Ok(response.map(SloBody::uncounted)));
        };
        let is_first = counting.track.is_unpolled();
        let entered = counting.track.enter_guard();
        if entered.is_tracked() && is_first && counting.standing != Standing::Settled {
            entered.leave();
            self.as_mut().begin_within_another();
            return self.poll(cx);
        }
        let poll = this.inner.poll(cx);
        // What answers and errors are asked below is the user's code, too.
        entered.step_out();
        let Poll::Ready(result) = poll else {
            counting.track.pause();
            counting.track.set_pending();
            return Poll::Pending;
        };
        let mut response = match result {
            Ok(response) => response,
            Err(error) => {
                let ending = counting.classifier.error(&error);
                counting.track.end(ending.unwrap_or(Ending::ServerError));
                return Poll::Ready(Err(error));
            }
        };
        let Counting {
            track, classifier, ..
        } = counting;
        let answer = Answer::from_response(&response, track.origin().verb(), classifier);
        if counting.announces {
            let mark = track
                .mark_for_gateway(answer.head)
                .or_else(|| answer.classifier_mark());
            result_header::write(response.headers_mut(), mark);
        }
        let body = if answer.rest.is_over(response.body()) {
            track.end_with(answer.rest.end(answer.head, None, classifier));
            None
        } else {
            let classifier = classifier.clone();
            let track = track.begin_body(answer.head, counting.client);
            Some((track, answer.rest, classifier))
        };
        Poll::Ready(Ok(response.map(|inner| match body {
            Some((track, rest, classifier)) => SloBody::counted(inner, track, rest, classifier),
            None => SloBody::uncounted(inner),
        })))
    }
}
