//! The smallest client that can also misbehave: bytes over a socket.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What came back: `None` if the connection broke before a status line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) status: Option<u16>,
    pub(crate) bytes: usize,
}

pub(crate) async fn send(address: SocketAddr, method: &str, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address)
        .await
        .expect("the server listens");
    let request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    socket
        .write_all(request.as_bytes())
        .await
        .expect("the server reads");
    socket
}

/// Sends a request and reads the answer to its end.
pub(crate) async fn request(address: SocketAddr, method: &str, path: &str) -> Seen {
    let mut socket = send(address, method, path).await;
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(20), socket.read_to_end(&mut answer)).await;
    // A reset is an end, too.
    let _ = read.expect("the answer ends");
    let status = answer
        .strip_prefix(b"HTTP/1.1 ")
        .and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok());
    Seen {
        status,
        bytes: answer.len(),
    }
}

/// Sends a request and leaves without reading, `after` a while.
pub(crate) async fn abandon(address: SocketAddr, path: &str, after: Duration) {
    let socket = send(address, "GET", path).await;
    tokio::time::sleep(after).await;
    drop(socket);
}

/// Sends a request, reads the first bytes of the answer and leaves.
pub(crate) async fn read_a_little(address: SocketAddr, path: &str) {
    let mut socket = send(address, "GET", path).await;
    let mut some = [0; 256];
    let read = timeout(Duration::from_secs(20), socket.read(&mut some)).await;
    assert!(read.expect("an answer begins").expect("it can be read") > 0);
}
