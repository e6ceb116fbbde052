//! Where the layer stands, and the server around it.

use axum::{
    Router, ServiceExt,
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
    serve::ListenerExt,
};
use bytes::Bytes;
use slo_tower::SloLayer;
use std::{convert::Infallible, net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::{
    BoxError, Layer, Service, ServiceExt as _,
    layer::layer_fn,
    util::{BoxCloneSyncService, MapFutureLayer},
};

/// A service that is counted.
pub(crate) type App = BoxCloneSyncService<Request, Response, Infallible>;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// `Router::layer`.
    Inside,
    /// Around the whole router.
    Around,
}

impl Place {
    pub(crate) const BOTH: [Place; 2] = [Place::Inside, Place::Around];

    pub(crate) fn count(self, app: Router) -> App {
        self.count_by(SloLayer::new(), app)
    }

    pub(crate) fn count_by(self, slo: SloLayer, app: Router) -> App {
        match self {
            Place::Inside => around(layer_fn(|app| app), app.layer(slo).with_state(())),
            Place::Around => around(slo, app.with_state(())),
        }
    }
}

/// Puts a layer around a service; axum wants its own body again.
pub(crate) fn around<L, S, B>(layer: L, service: S) -> App
where
    L: Layer<S>,
    L::Service: Service<Request, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    <L::Service as Service<Request>>::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let boxed = |response: Response<B>| response.map(Body::new);
    BoxCloneSyncService::new(layer.layer(service).map_response(boxed))
}

/// Serves HTTP/1 and HTTP/2, upgrades and CONNECT, until the test is over.
pub(crate) async fn serve(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).expect("a socket"));
    let service = ServiceExt::<Request>::into_make_service(app);
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Tells of every request that was really polled: each of them has to be an event.
pub(crate) fn tapped(app: App, polled: &Arc<Semaphore>) -> App {
    let polled = polled.clone();
    let tap = MapFutureLayer::new(move |answer: <App as Service<Request>>::Future| {
        let polled = polled.clone();
        async move {
            polled.add_permits(1);
            answer.await
        }
    });
    around(tap, app)
}
