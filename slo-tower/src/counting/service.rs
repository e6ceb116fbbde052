//! [`Slo`].

use crate::{
    Classifier, ResponseFuture, SloBody, SloLayer, Standard,
    counting::{
        deadline,
        future::Counting,
        nested::{self, Relation, Standing},
        origin::RequestOrigin,
    },
};
use http::{HeaderMap, Request, Response};
use http_body::Body;
use slo_sdk::layer::Track;
use std::task::{Context, Poll};
use tower_service::Service;
#[cfg(feature = "axum")]
use {slo_sdk::layer::Moment, std::mem::ManuallyDrop};

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

    crate::accessors::inner_accessors!();
}

/// The one of the request; of several, none can be told to be right.
fn traceparent(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all("traceparent").iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
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
        if slo_sdk::layer::is_tracked() {
            let found = nested::relation(nested::standing(request.extensions()));
            if found == Relation::Same {
                if let Some(endpoint) = layer.endpoint {
                    slo_sdk::layer::claim(endpoint);
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
        let client = deadline::from_request(&request);
        let deadline = client.min(layer.timeout);
        let announces = layer.announces;
        #[cfg(feature = "axum")]
        if !is_marking
            && !layer.is_special
            && crate::counting::known_router::is_known_router::<S, C>()
        {
            let started = Moment::now();
            let classifier = layer.classifier.clone();
            // With nothing that a panic would drop, the future is made in its place, not
            // elsewhere and moved there.
            let origin = ManuallyDrop::new(RequestOrigin::from_request(&request));
            return ResponseFuture {
                inner: self.inner.call(request),
                counting: Some(Counting {
                    track: Track::start_at(started, ManuallyDrop::into_inner(origin), deadline),
                    standing,
                    announces,
                    client,
                    classifier,
                }),
            };
        }
        let origin = RequestOrigin::below(&request, layer.facts);
        let mut track = match layer.endpoint {
            Some(endpoint) => Track::start_for(endpoint, origin, deadline),
            None => Track::start(origin, deadline),
        };
        if is_marking {
            track.set_marked();
        }
        if layer.trace_context
            && let Some(traceparent) = traceparent(request.headers())
        {
            track.keep_traceparent(traceparent);
        }
        match relation {
            Some(Relation::Unknown) => {
                nested::report(track.set_undecided());
                standing = Standing::Settled;
            }
            Some(Relation::Another | Relation::Same) => standing = Standing::Settled,
            None => {}
        }
        // A service may do its work in `call` already, and who calls is the user's code, too.
        let entered = track.enter_guard();
        let classifier = layer.classifier.clone();
        let consumer = layer
            .consumers
            .map(|consumers| consumers.identify(&request));
        let inner = self.inner.call(request);
        entered.leave();
        ResponseFuture {
            inner,
            counting: Some(Counting {
                track: track.with_consumer(consumer),
                standing,
                announces,
                client,
                classifier,
            }),
        }
    }
}
