//! Clients that can misbehave: bytes over a socket, and single streams of HTTP/2.

use bytes::Bytes;
use h2::{
    RecvStream, SendStream,
    client::{ResponseFuture, SendRequest},
};
use http::Request;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

async fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).await;
    let socket = socket.expect("the server listens");
    socket.set_nodelay(true).expect("a socket");
    socket
}

/// One connection of HTTP/1. Dropping it is leaving.
pub(crate) struct Wire {
    socket: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr) -> Wire {
        let socket = connect(address).await;
        Wire {
            socket,
            read: Vec::new(),
        }
    }

    /// Sends bytes as they are.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let written = self.socket.write_all(bytes.as_ref()).await;
        written.expect("the server reads");
    }

    /// Sends a request without a body, after which the server closes.
    pub(crate) async fn get(address: SocketAddr, path: &str) -> Wire {
        Wire::ask(address, &format!("GET {path} HTTP/1.1\r\nhost: test\r\n")).await
    }

    /// The same of a head that only lacks its end.
    pub(crate) async fn ask(address: SocketAddr, head: &str) -> Wire {
        let mut wire = Wire::connect(address).await;
        wire.send(format!("{head}connection: close\r\n\r\n")).await;
        wire
    }

    /// Reads on until these bytes have come, and gives all that came since the last time.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        let place = |read: &[u8]| {
            let mut parts = read.windows(end.len());
            parts.position(|part| part == end.as_bytes())
        };
        let place = loop {
            if let Some(place) = place(&self.read) {
                break place;
            }
            let read = self.socket.read_buf(&mut self.read).await;
            assert!(read.expect("it can be read") > 0, "no {end:?} came");
        };
        let rest = self.read.split_off(place + end.len());
        let read = std::mem::replace(&mut self.read, rest);
        String::from_utf8_lossy(&read).into_owned()
    }

    /// Reads all there is; a reset is an end, too.
    pub(crate) async fn end(mut self) -> Vec<u8> {
        let _ = self.socket.read_to_end(&mut self.read).await;
        self.read
    }

    /// The status of the answer, which is read to its end; `None` if none came.
    pub(crate) async fn status(self) -> Option<u16> {
        let read = self.end().await;
        let code = read.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
        std::str::from_utf8(code).ok()?.parse().ok()
    }
}

/// One connection of HTTP/2.
pub(crate) struct Peer {
    streams: SendRequest<Bytes>,
    connection: JoinHandle<()>,
}

/// One stream of it: what is still to be sent, and the answer to come.
pub(crate) type Stream = (ResponseFuture, SendStream<Bytes>);

impl Peer {
    pub(crate) async fn connect(address: SocketAddr) -> Peer {
        let socket = connect(address).await;
        // Room for many bodies that are not read.
        let mut builder = h2::client::Builder::new();
        builder.initial_connection_window_size(1 << 24);
        let connected = builder.handshake(socket).await;
        let (streams, connection) = connected.expect("HTTP/2");
        Peer {
            streams,
            connection: tokio::spawn(async {
                let _ = connection.await;
            }),
        }
    }

    /// Sends the head of a request.
    pub(crate) async fn send(&mut self, request: Request<()>, is_all: bool) -> Stream {
        let mut ready = self.streams.clone().ready().await.expect("a connection");
        ready.send_request(request, is_all).expect("a stream")
    }

    pub(crate) async fn get(&mut self, path: &str) -> Stream {
        let uri = format!("http://test{path}");
        let request = Request::get(uri).body(()).expect("a request");
        self.send(request, true).await
    }

    /// True as soon as the server has said that it takes CONNECT with a protocol.
    pub(crate) fn takes_protocols(&self) -> bool {
        self.streams.is_extended_connect_protocol_enabled()
    }

    /// Drops the socket, whatever is still under way.
    pub(crate) async fn leave(self) {
        self.connection.abort();
        let _ = self.connection.await;
    }
}

/// The next part of a body, its room given back.
pub(crate) async fn part(body: &mut RecvStream) -> Option<Bytes> {
    let part = body.data().await?.expect("the body goes on");
    let freed = body.flow_control().release_capacity(part.len());
    freed.expect("it was taken");
    Some(part)
}

/// All of a body.
pub(crate) async fn all(mut body: RecvStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(part) = part(&mut body).await {
        all.extend_from_slice(&part);
    }
    all
}
