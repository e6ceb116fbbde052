//! https collectors.

use crate::collectors::alone;
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

#[test]
fn an_https_collector_is_greeted_in_tls() {
    let _alone = alone();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, greetings) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut greeting) = (stream.unwrap(), [0; 2]);
            stream.read_exact(&mut greeting).unwrap();
            // As a collector that speaks http answers.
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .unwrap();
            let _ = sender.send(greeting);
        }
    });
    let guard = slo_sdk::builder()
        .endpoint(format!("https://{address}"))
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(20))
        .try_init()
        .unwrap();
    let error = guard.flush().unwrap_err().to_string();
    // A handshake of TLS.
    assert_eq!(
        greetings.recv_timeout(Duration::from_secs(10)),
        Ok([0x16, 0x03])
    );
    assert!(error.contains("InvalidContentType"), "{error}");
}
