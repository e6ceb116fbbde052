//! A client whose service is trusted to judge its own part of an event.

use crate::result_header;
use http::{Request, Response};
use pin_project_lite::pin_project;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tower_layer::Layer;
use tower_service::Service;

/// Put around the client of a service that announces its results
/// ([`SloLayer::announce_result`](crate::SloLayer::announce_result)): what it says of an
/// answer becomes the word on the event of the gateway's handler that asked.
///
/// So a service can say of a 200 that it was stale, and of a 404 that it was the right
/// answer, and the gateway in front counts the same. What is announced by anyone whose
/// client this layer does not stand around has no effect. The header goes no further.
///
/// The handler's own mark stands; of several upstreams that it asks, one that says `bad`
/// outweighs the others. Works where the answer is awaited in the handler's task, or
/// [`in_current_slo`](slo_sdk::InCurrentSlo).
///
/// ```
/// use slo_tower::UpstreamLayer;
/// use tower::ServiceBuilder;
/// # fn client<S>(http: S) {
/// let orders = ServiceBuilder::new().layer(UpstreamLayer::new()).service(http);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct UpstreamLayer(());

impl UpstreamLayer {
    /// Returns a layer that trusts what it stands around.
    pub fn new() -> UpstreamLayer {
        UpstreamLayer::default()
    }
}

impl<S> Layer<S> for UpstreamLayer {
    type Service = Upstream<S>;

    fn layer(&self, inner: S) -> Upstream<S> {
        Upstream { inner }
    }
}

/// A client of a trusted service; made by [`UpstreamLayer`].
#[derive(Clone, Debug)]
pub struct Upstream<S> {
    inner: S,
}

impl<S> Upstream<S> {
    crate::accessors::inner_accessors!();
}

impl<S, A, B> Service<Request<A>> for Upstream<S>
where
    S: Service<Request<A>, Response = Response<B>>,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = UpstreamFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        UpstreamFuture {
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of a trusted answer.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct UpstreamFuture<F> {
        #[pin]
        inner: F,
    }
}

impl<F, B, E> Future for UpstreamFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut result = ready!(self.project().inner.poll(cx));
        if let Ok(response) = &mut result
            && let Some(mark) = result_header::take(response.headers_mut())
        {
            slo_sdk::current().relay(mark);
        }
        Poll::Ready(result)
    }
}
