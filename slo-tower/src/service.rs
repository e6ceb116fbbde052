//! [`Slo`].

use crate::{
    Classifier, ResponseFuture, SloBody, SloLayer, Standard, deadline,
    future::Counting,
    nested::{self, Relation, Standing},
    origin::RequestOrigin,
};
use http::{Request, Response};
use http_body::Body;
use slo_sdk::Track;
use std::task::{Context, Poll};
use tower_service::Service;
#[cfg(feature = "axum")]
use {slo_sdk::Moment, std::mem::ManuallyDrop};

/// A service whose requests are counted; made by [`SloLayer`](crate::SloLayer).
#[derive(Clone, Debug)]
pub struct Slo<S, C = Standard> {
    inner: S,
    layer: SloLayer<C>,
}

impl<S> Slo<S> {
    /// Counts the requests of a service.
    pub fn new(inner: S) -> Slo<S> {
        Slo::configured(inner, SloLayer::new())
    }
}

impl<S, C> Slo<S, C> {
    pub(crate) fn configured(inner: S, layer: SloLayer<C>) -> Slo<S, C> {
        Slo { inner, layer }
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
    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let layer = &self.layer;
        let mut relation = None;
        if slo_sdk::is_tracked() {
            let found = nested::relation(nested::standing(request.extensions()));
            if found == Relation::Same {
                if let Some(endpoint) = layer.endpoint {
                    slo_sdk::claim(endpoint);
                }
                if let Some(facts) = layer.facts.facts() {
                    facts.is_within_another();
                }
                return ResponseFuture::passed_through(self.inner.call(request));
            }
            relation = Some(found);
        }
        let is_marking = nested::is_marking();
        let mut standing = Standing::Unmarked;
        if is_marking {
            standing = nested::mark(request.extensions_mut());
            if relation.is_none() && nested::is_again(standing) {
                return ResponseFuture::passed_through(self.inner.call(request));
            }
        }
        let client = deadline::of(&request);
        let deadline = client.min(layer.timeout);
        let announces = layer.announces;
        #[cfg(feature = "axum")]
        if !is_marking && !layer.is_special && crate::routing::runs_no_code_of_users::<S, C>() {
            let started = Moment::now();
            let classifier = layer.classifier.clone();
            // With nothing that a panic would drop, the future is made in its place, not
            // elsewhere and moved there.
            let origin = ManuallyDrop::new(RequestOrigin::of(&request));
            return ResponseFuture {
                inner: self.inner.call(request),
                counting: Some(Counting {
                    track: Track::started(started, ManuallyDrop::into_inner(origin), deadline),
                    standing,
                    announces,
                    client,
                    classifier,
                }),
            };
        }
        let origin = RequestOrigin::below(&request, layer.facts);
        let mut track = match layer.endpoint {
            Some(endpoint) => Track::start_of(endpoint, origin, deadline),
            None => Track::start(origin, deadline),
        };
        if is_marking {
            track.request_is_marked();
        }
        match relation {
            Some(Relation::Unknown) => {
                nested::report(track.undecided());
                standing = Standing::Settled;
            }
            Some(Relation::Another | Relation::Same) => standing = Standing::Settled,
            None => {}
        }
        // A service may do its work in `call` already, and who calls is the user's code, too.
        let entered = track.entered();
        let classifier = layer.classifier.clone();
        let consumer = layer.consumers.map(|consumers| consumers.of(&request));
        let inner = self.inner.call(request);
        entered.leave();
        ResponseFuture {
            inner,
            counting: Some(Counting {
                track: track.called_by(consumer),
                standing,
                announces,
                client,
                classifier,
            }),
        }
    }
}
