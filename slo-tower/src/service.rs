//! [`Slo`].

use crate::{ResponseFuture, SloBody, SloLayer, answer::Asked, deadline, origin::RequestOrigin};
use http::{Request, Response};
use http_body::Body;
use slo_sdk::Track;
use std::{
    task::{Context, Poll},
    time::Duration,
};
use tower_service::Service;

/// A service whose requests are counted; made by [`SloLayer`](crate::SloLayer).
#[derive(Clone, Debug)]
pub struct Slo<S> {
    inner: S,
    timeout: Option<Duration>,
}

impl<S> Slo<S> {
    /// Counts the requests of a service.
    pub fn new(inner: S) -> Slo<S> {
        Slo {
            inner,
            timeout: None,
        }
    }

    pub(crate) fn configured(inner: S, layer: &SloLayer) -> Slo<S> {
        Slo {
            inner,
            timeout: layer.timeout,
        }
    }

    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, no longer counted.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, A, B> Service<Request<A>> for Slo<S>
where
    S: Service<Request<A>, Response = Response<B>>,
    B: Body,
{
    type Response = Response<SloBody<B>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request<A>) -> Self::Future {
        if slo_sdk::is_tracked() {
            return ResponseFuture::passed_through(self.inner.call(request));
        }
        let asked = Asked::by(request.method());
        let mut track = Track::start(RequestOrigin::of(&request));
        let client = deadline::of(request.headers());
        track.deadline(client.into_iter().chain(self.timeout).min());
        // A service may do its work in `call` already.
        let inner = track.enter(|| self.inner.call(request));
        ResponseFuture::tracked(inner, track, asked, client)
    }
}
