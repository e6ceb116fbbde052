//! Where the layer can stand. The same requests count the same in each place.

use crate::handlers::Work;
use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
    error_handling::HandleError,
};
use http::{Request, Response, StatusCode};
use slo_tower::SloLayer;
use std::{future::Future, pin::Pin};
use tower::{Service, ServiceBuilder, ServiceExt, buffer::Buffer, util::BoxService};
use tower_http::catch_panic::CatchPanicLayer;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// `Router::layer`, where axum boxes the future and the body once more.
    InsideRouter,
    AroundRouter,
    AroundService,
    /// Around a service, and something outside catches panics.
    UnderCatchPanic,
    /// Twice around a service.
    Doubled,
    /// Inside a router, and around it as well.
    DoubledInRouter,
    /// Twice, with a buffer between the two.
    Buffered,
}

/// A counted service, with what has to be polled beside it.
pub(crate) struct Counted {
    pub(crate) service: BoxService<Request<Body>, Response<Body>, BoxError>,
    pub(crate) worker: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Placement {
    pub(crate) const ALL: [Placement; 7] = [
        Placement::InsideRouter,
        Placement::AroundRouter,
        Placement::AroundService,
        Placement::UnderCatchPanic,
        Placement::Doubled,
        Placement::DoubledInRouter,
        Placement::Buffered,
    ];

    /// True where a call of the whole calls the service under the layer, too; axum calls what
    /// is in a router only when it is first polled.
    pub(crate) fn calls_the_service_at_once(self) -> bool {
        use Placement::{AroundService, Doubled, UnderCatchPanic};
        matches!(self, AroundService | UnderCatchPanic | Doubled)
    }

    /// Puts the layer around the work.
    pub(crate) fn place(self, slo: SloLayer, work: Work) -> Counted {
        let stack = ServiceBuilder::new();
        match self {
            Placement::InsideRouter => alone(router(work).layer(slo).with_state(())),
            Placement::AroundRouter => alone(stack.layer(slo).service(router(work))),
            Placement::AroundService => alone(stack.layer(slo).service(work)),
            Placement::UnderCatchPanic => {
                let caught = stack.layer(CatchPanicLayer::new());
                alone(caught.layer(slo).service(work))
            }
            Placement::Doubled => alone(stack.layer(slo.clone()).layer(slo).service(work)),
            Placement::DoubledInRouter => {
                alone(stack.layer(slo.clone()).service(router(work).layer(slo)))
            }
            Placement::Buffered => {
                let inner = ServiceBuilder::new().layer(slo.clone()).service(work);
                let (buffer, worker) = Buffer::pair(inner, 4);
                Counted {
                    worker: Box::pin(worker),
                    ..alone(stack.layer(slo).service(buffer))
                }
            }
        }
    }
}

fn router(work: Work) -> Router {
    let work = HandleError::new(work, async |_| StatusCode::INTERNAL_SERVER_ERROR);
    Router::new()
        .route_service("/claimed", work.clone())
        .route_service("/declared/{id}", work.clone())
        .route_service("/judging/{id}", work.clone())
        .route_service("/unannotated", work)
}

fn alone<S, B>(service: S) -> Counted
where
    S: Service<Request<Body>, Response = Response<B>> + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let boxed = |response: Response<B>| response.map(Body::new);
    Counted {
        service: service.map_err(Into::into).map_response(boxed).boxed(),
        worker: Box::pin(std::future::pending()),
    }
}
