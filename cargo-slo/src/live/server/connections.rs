//! Connections, and what each request on them is.

use super::{
    access::Access,
    answer::{Answer, with},
    look::look,
    receive::{receive, refuse, what},
};
use crate::live::{otlp::incoming, page, state::State};
use http::Request;
use hyper::{body, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};

/// Most connections at once.
const MAX_CONNECTIONS: usize = 256;
/// Most bodies in memory at once.
const MAX_BODIES: usize = 4;
/// How long the head of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait where no connection can be taken, which is when files run out.
const PAUSE: Duration = Duration::from_millis(100);

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(super) access: Access,
    pub(super) state: Arc<State>,
    /// Changes each second.
    pub(super) ticks: watch::Receiver<()>,
    pub(super) bodies: Semaphore,
}

impl Server {
    pub(crate) fn new(access: Access, state: Arc<State>, ticks: watch::Receiver<()>) -> Server {
        Server {
            access,
            state,
            ticks,
            bodies: Semaphore::new(MAX_BODIES),
        }
    }
}

/// Serves for as long as it is polled.
pub(crate) async fn serve(listener: TcpListener, server: Arc<Server>) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else {
            return;
        };
        let Ok((connection, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let _permit = permit;
            let service = service_fn(move |request| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(answered(&server, request).await) }
            });
            let mut builder = auto::Builder::new(TokioExecutor::new());
            builder
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE);
            builder.http2().timer(TokioTimer::new());
            // Whoever goes away in the middle is not an error here.
            let _ = builder
                .serve_connection(TokioIo::new(connection), service)
                .await;
        });
    }
}

async fn answered(server: &Server, request: Request<body::Incoming>) -> Answer {
    if let Err(why) = server.access.check(request.uri(), request.headers()) {
        let text = format!("{}\n", page::refusal(&why));
        server.state.known().refuse(what(&request), why, None);
        return with(403, "text/plain; charset=utf-8", text);
    }
    let (method, path) = (request.method(), request.uri().path());
    match incoming(method, path, request.headers()) {
        Some(Ok(incoming)) => receive(server, incoming, request).await,
        Some(Err(told)) => refuse(server, &request, told),
        None => look(server, &request),
    }
}
