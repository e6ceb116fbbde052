//! An OTLP receiver: a collector that only keeps what it gets.

use super::{Export, Received};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    routing::post,
};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use prost::Message;
use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Notify, time::timeout};

const PROTOBUF: &str = "application/x-protobuf";

/// The receiver. Clones share what was received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receiver(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    received: Mutex<Received>,
    arrived: Notify,
}

impl Receiver {
    /// Starts it on a port that is free and gives its address, as `OTEL_EXPORTER_OTLP_ENDPOINT`
    /// wants it.
    pub(crate) async fn start(&self) -> io::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let app = Router::new()
            .route("/v1/metrics", post(metrics))
            .with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        Ok(format!("http://{address}"))
    }

    /// What was received so far.
    pub(crate) fn received(&self) -> MutexGuard<'_, Received> {
        self.0
            .received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until what was received fulfils a condition. False where it does not in time.
    pub(crate) async fn wait(&self, patience: Duration, done: impl Fn(&Received) -> bool) -> bool {
        let wait = async {
            loop {
                let arrived = self.0.arrived.notified();
                if done(&self.received()) {
                    return;
                }
                arrived.await;
            }
        };
        timeout(patience, wait).await.is_ok()
    }
}

async fn metrics(
    State(receiver): State<Receiver>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<[(&'static str, &'static str); 1], StatusCode> {
    if headers
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind != PROTOBUF)
    {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let request = ExportMetricsServiceRequest::decode(body).map_err(|_| StatusCode::BAD_REQUEST)?;
    for (service, export) in Export::all(request) {
        receiver.received().add(service, export);
    }
    receiver.0.arrived.notify_waiters();
    // A response without anything in it is encoded as nothing.
    Ok([("content-type", PROTOBUF)])
}
