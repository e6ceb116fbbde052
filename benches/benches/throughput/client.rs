//! Clients that keep their connections and send one request after the other.

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{CONTENT_TYPE, HOST, USER_AGENT},
};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::{
    error::Error,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinSet};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Requests that are sent at the same time.
pub(crate) const CONCURRENT: usize = 16;
/// Connections that they share over HTTP/2.
const HTTP2_CONNECTIONS: usize = 2;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

impl Protocol {
    pub(crate) const ALL: [Protocol; 2] = [Protocol::Http1, Protocol::Http2];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Protocol::Http1 => "HTTP/1.1",
            Protocol::Http2 => "HTTP/2",
        }
    }
}

/// What all clients ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    pub(crate) path: &'static str,
    /// What is posted, in JSON; `None` to get.
    pub(crate) body: Option<&'static str>,
}

/// Clients of one server.
#[derive(Debug)]
pub(crate) struct Clients(Vec<Client>);

#[derive(Debug)]
struct Client {
    sender: Sender,
    question: Question,
}

#[derive(Debug)]
enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// What the clients of one server saw in one round.
#[derive(Debug)]
pub(crate) struct Round {
    /// How long each request took.
    pub(crate) latencies: Vec<Duration>,
    /// From the first request to the last answer.
    pub(crate) took: Duration,
}

impl Clients {
    /// Connects to the server, which is asked this.
    pub(crate) async fn connect(
        protocol: Protocol,
        server: SocketAddr,
        question: Question,
    ) -> Result<Clients> {
        let mut senders = Vec::new();
        match protocol {
            Protocol::Http1 => {
                for _ in 0..CONCURRENT {
                    let (sender, connection) = http1::handshake(stream(server).await?).await?;
                    tokio::spawn(connection);
                    senders.push(Sender::Http1(sender));
                }
            }
            Protocol::Http2 => {
                for _ in 0..HTTP2_CONNECTIONS {
                    let stream = stream(server).await?;
                    let (sender, connection) =
                        http2::handshake(TokioExecutor::new(), stream).await?;
                    tokio::spawn(connection);
                    for _ in 0..CONCURRENT / HTTP2_CONNECTIONS {
                        senders.push(Sender::Http2(sender.clone()));
                    }
                }
            }
        }
        let client = |sender| Client { sender, question };
        Ok(Clients(senders.into_iter().map(client).collect()))
    }

    /// Sends requests for so long. Each is answered in the end.
    pub(crate) async fn send(&mut self, lasting: Duration) -> Result<Round> {
        let start = Instant::now();
        let mut sending = JoinSet::new();
        for client in self.0.drain(..) {
            sending.spawn(client.send_until(start + lasting));
        }
        let mut latencies = Vec::new();
        while let Some(sent) = sending.join_next().await {
            let (client, mut mine) = sent??;
            self.0.push(client);
            latencies.append(&mut mine);
        }
        Ok(Round {
            latencies,
            took: start.elapsed(),
        })
    }
}

async fn stream(server: SocketAddr) -> Result<TokioIo<TcpStream>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(TokioIo::new(stream))
}

impl Client {
    async fn send_until(mut self, end: Instant) -> Result<(Client, Vec<Duration>)> {
        let mut latencies = Vec::new();
        loop {
            let start = Instant::now();
            if start >= end {
                return Ok((self, latencies));
            }
            let response = self.send().await?;
            let status = response.status();
            if status != StatusCode::OK {
                return Err(format!("a request was answered with {status}").into());
            }
            response.into_body().collect().await?;
            latencies.push(start.elapsed());
        }
    }

    async fn send(&mut self) -> hyper::Result<Response<Incoming>> {
        let Question { path, body } = self.question;
        let mut request = Request::new(Full::from(body.unwrap_or_default()));
        if body.is_some() {
            *request.method_mut() = Method::POST;
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, HeaderValue::from_static("bench/1.0"));
        match &mut self.sender {
            Sender::Http1(sender) => {
                headers.insert(HOST, HeaderValue::from_static("shop.example"));
                *request.uri_mut() = Uri::from_static(path);
                sender.ready().await?;
                sender.send_request(request).await
            }
            Sender::Http2(sender) => {
                *request.uri_mut() = whole(path);
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }
}

/// The address with what HTTP/2 wants to see.
fn whole(path: &'static str) -> Uri {
    Uri::builder()
        .scheme("http")
        .authority("shop.example")
        .path_and_query(path)
        .build()
        .unwrap_or_default()
}
