//! A store that answers everything with the same bytes, until it is told others.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

pub(crate) struct Store {
    pub(crate) address: String,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Store {
    pub(crate) fn started() -> Store {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(Vec::new()));
        let given = Arc::clone(&answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                listen(&stream);
                // Whoever asked may have heard enough.
                let _ = stream.write_all(&given.lock().unwrap());
            }
        });
        Store { address, answer }
    }

    pub(crate) fn answer(&self, bytes: Vec<u8>) {
        *self.answer.lock().unwrap() = bytes;
    }
}

/// Reads a request to its end: what is left of one breaks the connection.
fn listen(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).unwrap_or(0) > 0 && !line.trim_end().is_empty() {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let _ = std::io::copy(&mut reader.take(length), &mut std::io::sink());
}

/// A whole answer around what it says.
pub(crate) fn http(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}
