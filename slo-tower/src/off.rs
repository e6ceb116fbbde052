//! What stands for the counting types with the feature `off`: the service, its future and its
//! body as they are, under the same names and no larger.

use crate::{Classifier, SloLayer, Standard};
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tower_service::Service;

/// A service whose requests are handed on; made by [`SloLayer`].
#[derive(Clone, Debug)]
pub struct Slo<S, C = Standard> {
    inner: S,
    classifier: PhantomData<C>,
}

impl<S> Slo<S> {
    /// Hands on the requests of a service.
    pub fn new(inner: S) -> Slo<S> {
        Slo::configured(inner, SloLayer::new())
    }
}

impl<S, C> Slo<S, C> {
    pub(crate) fn configured(inner: S, _: SloLayer<C>) -> Slo<S, C> {
        Slo {
            inner,
            classifier: PhantomData,
        }
    }

    crate::accessors::inner_accessors!();
}

impl<S, A, B, C> Service<Request<A>> for Slo<S, C>
where
    S: Service<Request<A>, Response = Response<B>>,
    S::Error: 'static,
    B: Body,
    C: Classifier,
{
    type Response = Response<SloBody<B, C>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<A>) -> Self::Future {
        ResponseFuture {
            inner: self.inner.call(request),
            classifier: PhantomData,
        }
    }
}

pin_project! {
    /// The future of an answer.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F, C = Standard> {
        #[pin]
        inner: F,
        classifier: PhantomData<C>,
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
        let response = ready!(self.project().inner.poll(cx))?;
        Poll::Ready(Ok(response.map(|inner| SloBody {
            inner,
            classifier: PhantomData,
        })))
    }
}

pin_project! {
    /// The body of an answer.
    #[derive(Debug)]
    pub struct SloBody<B, C = Standard> {
        #[pin]
        inner: B,
        classifier: PhantomData<C>,
    }
}

impl<B: Body + Default, C: Classifier> Default for SloBody<B, C> {
    fn default() -> Self {
        SloBody {
            inner: B::default(),
            classifier: PhantomData,
        }
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
        self.project().inner.poll_frame(cx)
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
