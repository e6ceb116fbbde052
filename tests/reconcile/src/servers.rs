//! The same endpoints behind the layer in every place it can stand.

use crate::endpoints::router;
use axum::{
    Router, ServiceExt, body::Body, error_handling::HandleErrorLayer, extract::Request,
    http::StatusCode, response::Response,
};
use slo_tower::{SloBody, SloLayer};
use std::{convert::Infallible, io, net::SocketAddr, time::Duration};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::service::Routes;
use tower::{BoxError, ServiceBuilder, ServiceExt as _, timeout::TimeoutLayer};

/// Where the layer stands, each with a server of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// `Router::layer`, where it sees the route that matched.
    Inside,
    /// Around the whole router.
    Around,
    /// Both at once: the inner one has to keep quiet.
    Doubled,
    /// In tonic's server, which keeps `grpc-timeout` itself and speaks HTTP/2 only.
    Tonic,
    /// Around the router, with a timeout of the server around it.
    Limited,
}

impl Place {
    pub(crate) const ALL: [Place; 5] = [
        Place::Inside,
        Place::Around,
        Place::Doubled,
        Place::Tonic,
        Place::Limited,
    ];
}

/// What a request may take behind [`Place::Limited`].
const LIMIT: Duration = Duration::from_millis(30);

/// The addresses of the servers, in the order of [`Place::ALL`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Servers([SocketAddr; Place::ALL.len()]);

impl Servers {
    pub(crate) async fn start() -> io::Result<Servers> {
        nest_once().await;
        let mut addresses = Vec::new();
        for place in Place::ALL {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            addresses.push(listener.local_addr()?);
            tokio::spawn(serve(place, listener));
        }
        let addresses = addresses.try_into();
        Ok(Servers(
            addresses.map_err(|_| io::Error::other("a server is missing"))?,
        ))
    }

    pub(crate) fn address(&self, place: Place) -> SocketAddr {
        self.0[place as usize]
    }
}

/// One request through two layers, which counts nowhere: only after it can the layer tell one
/// request from two.
async fn nest_once() {
    let answers =
        tower::service_fn(async |_: Request| Ok::<_, Infallible>(Response::new(Body::empty())));
    let twice = ServiceBuilder::new()
        .layer(SloLayer::new())
        .layer(SloLayer::new())
        .service(answers);
    let answer = twice.oneshot(Request::default()).await;
    drop(answer.unwrap_or_else(|never| match never {}));
}

/// Serves as long as the process lives.
async fn serve(place: Place, listener: TcpListener) -> Result<(), BoxError> {
    match place {
        Place::Inside => axum::serve(listener, router().layer(SloLayer::new())).await?,
        Place::Around => around(listener, router()).await?,
        Place::Doubled => around(listener, router().layer(SloLayer::new())).await?,
        Place::Tonic => {
            tonic::transport::Server::builder()
                .layer(SloLayer::new())
                .add_routes(Routes::from(router()))
                .serve_with_incoming(TcpListenerStream::new(listener))
                .await?;
        }
        Place::Limited => limited(listener).await?,
    }
    Ok(())
}

async fn around(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = ServiceBuilder::new()
        .map_response(|response: http::Response<SloBody<Body>>| response.map(Body::new))
        .layer(SloLayer::new())
        .service(router.with_state(()));
    axum::serve(listener, ServiceExt::<Request>::into_make_service(service)).await
}

async fn limited(listener: TcpListener) -> io::Result<()> {
    let service = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: BoxError| {
            StatusCode::GATEWAY_TIMEOUT
        }))
        .layer(TimeoutLayer::new(LIMIT))
        .layer(SloLayer::new().timeout(LIMIT))
        .service(router().with_state(()));
    axum::serve(listener, ServiceExt::<Request>::into_make_service(service)).await
}
