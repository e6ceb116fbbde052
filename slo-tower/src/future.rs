//! [`ResponseFuture`].

use crate::{
    Classifier, SloBody, Standard,
    answer::{Answer, Asked},
    nested::{self, Relation, Standing},
    origin::RequestOrigin,
    word,
};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use slo_sdk::{Deadline, Ending, Track};
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
        // Nothing where another layer counts.
        pub(crate) counting: Option<Counting<C>>,
    }

    impl<F, C> PinnedDrop for ResponseFuture<F, C> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            if let Some(counting) = this.project().counting
                && !counting.track.has_ended()
                && counting.track.dropping()
                && counting.standing != Standing::Settled
            {
                // The client left before anything was done.
                counting.track.forget_unclaimed();
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
    pub(crate) asked: Asked,
    /// True where the answer is to carry the service's own word.
    pub(crate) announces: bool,
    /// The deadline that remains once the head is there: a server's timeout ends with it.
    pub(crate) client: Deadline,
    pub(crate) classifier: C,
}

impl<F, C> ResponseFuture<F, C> {
    pub(crate) fn passed_through(inner: F) -> Self {
        ResponseFuture {
            inner,
            counting: None,
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
        if let Some(counting) = this.counting
            && let standing = std::mem::replace(&mut counting.standing, Standing::Settled)
            && standing != Standing::Settled
            && slo_sdk::is_tracked()
            && !counting.track.has_ended()
        {
            // A buffer between two layers called this one outside the other's event, but
            // polls it inside.
            match nested::relation(standing) {
                Relation::Same => {
                    counting.track.hand_over();
                    *this.counting = None;
                }
                Relation::Another => {}
                Relation::Unknown => nested::report(counting.track.undecided()),
            }
        }
        let Some(counting) = this.counting else {
            let response = ready!(this.inner.poll(cx))?;
            return Poll::Ready(Ok(response.map(SloBody::uncounted)));
        };
        let entered = counting.track.entered();
        let poll = this.inner.poll(cx);
        // What answers and errors are asked below is the user's code, too.
        entered.step_out();
        let Poll::Ready(result) = poll else {
            counting.track.pause();
            counting.track.pending();
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
        let answer = Answer::of(&response, counting.asked, classifier);
        if counting.announces {
            let word = track.word(answer.head).or_else(|| answer.word());
            word::write(response.headers_mut(), word);
        }
        let body = if answer.rest.is_over(response.body()) {
            track.answered(answer.rest.end(answer.head, None, classifier));
            None
        } else {
            let classifier = classifier.clone();
            let track = track.settle(answer.head, counting.client);
            Some((track, answer.rest, classifier))
        };
        Poll::Ready(Ok(response.map(|inner| match body {
            Some((track, rest, classifier)) => SloBody::counted(inner, track, rest, classifier),
            None => SloBody::uncounted(inner),
        })))
    }
}
