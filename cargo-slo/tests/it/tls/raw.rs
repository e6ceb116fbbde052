//! What speaks no TLS, or another than ours.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

/// Says the same to everybody, once it has heard something, and hangs up; returns where it listens.
pub(crate) fn saying(words: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(words);
        }
    });
    address
}

/// A fatal alert, as a record of TLS 1.2.
pub(crate) const fn alert(number: u8) -> [u8; 7] {
    [21, 3, 3, 0, 2, 2, number]
}

/// The hello of a server that speaks TLS 1.1 and nothing newer: no session, `RSA_WITH_AES_128_CBC_SHA`, no
/// compression.
pub(crate) const HELLO_OF_TLS_1_1: [u8; 47] = {
    let mut hello = [7; 47];
    let head = [22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
    let tail = [0, 0, 0x2f, 0];
    let mut at = 0;
    while at < head.len() {
        hello[at] = head[at];
        at += 1;
    }
    at = 0;
    while at < tail.len() {
        hello[43 + at] = tail[at];
        at += 1;
    }
    hello
};
