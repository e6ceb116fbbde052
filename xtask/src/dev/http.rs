//! Requests over sockets of their own.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Gets a path from `127.0.0.1:PORT`.
pub(super) fn get(address: &str, path: &str) -> Result<Answer, String> {
    send(address, "GET", path, "text/plain", b"")
}

/// Sends a request, and reads the answer to its end.
pub(super) fn send(
    address: &str,
    method: &str,
    path: &str,
    kind: &str,
    body: &[u8],
) -> Result<Answer, String> {
    let told = |error: io::Error| format!("{method} {address}{path}: {error}");
    let mut stream = open(address, method, path, kind, body).map_err(told)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(told)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Answer {
        status: status.ok_or(format!("{method} {address}{path}: no answer: {answer:?}"))?,
        body: body.to_owned(),
    })
}

/// Sends a request and returns before its answer: whoever drops the connection gives up. In HTTP/1.0
/// the answer ends with the connection and is in one piece.
pub(super) fn open(
    address: &str,
    method: &str,
    path: &str,
    kind: &str,
    body: &[u8],
) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    Ok(stream)
}
