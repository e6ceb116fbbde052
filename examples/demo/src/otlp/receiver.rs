//! An OTLP receiver: a collector that keeps what it gets, and may send it on.

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
    next: Option<Next>,
}

/// Another receiver, which gets everything, too.
#[derive(Debug)]
struct Next {
    client: reqwest::Client,
    url: String,
}

impl Receiver {
    /// A receiver that sends everything on to the OTLP endpoint at this address, if there is
    /// one.
    pub(crate) fn new(next: Option<&str>) -> Receiver {
        let next = next.map(|endpoint| Next {
            client: reqwest::Client::new(),
            url: format!("{}/v1/metrics", endpoint.trim_end_matches('/')),
        });
        Receiver(Arc::new(Shared {
            next,
            ..Shared::default()
        }))
    }

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
    if let Some(next) = &receiver.0.next {
        next.send(body.clone()).await?;
    }
    let request = ExportMetricsServiceRequest::decode(body).map_err(|_| StatusCode::BAD_REQUEST)?;
    for (service, export) in Export::all(request) {
        receiver.received().add(service, export);
    }
    receiver.0.arrived.notify_waiters();
    // A response without anything in it is encoded as nothing.
    Ok([("content-type", PROTOBUF)])
}

impl Next {
    /// A service whose counts did not get there is told so: it warns, and sends them again
    /// with its next export.
    async fn send(&self, body: Bytes) -> Result<(), StatusCode> {
        let request = self.client.post(&self.url).body(body);
        let sent = request.header(CONTENT_TYPE, PROTOBUF).send().await;
        match sent.and_then(reqwest::Response::error_for_status) {
            Ok(_) => Ok(()),
            Err(error) => {
                eprintln!("warning: not sent on: {error}");
                Err(StatusCode::BAD_GATEWAY)
            }
        }
    }
}
