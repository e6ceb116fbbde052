//! Collectors that misbehave: the end of a program does not wait for them.

use crate::identity::DECLARED;
use slo_sdk::{FlushError, InitError};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

/// One export at a time may live in a process.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exporting_to(address: SocketAddr) -> slo_sdk::Builder {
    slo_sdk::builder()
        .endpoint(format!("http://{address}/"))
        .export_interval(Duration::from_secs(3600))
}

/// Accepts connections and reads requests, but never answers.
pub(crate) fn black_hole() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut open = Vec::new();
        for socket in listener.incoming() {
            open.push(socket);
        }
    });
    address
}

#[test]
fn the_end_is_bounded_against_a_collector_that_never_answers() {
    let _alone = alone();
    let guard = exporting_to(black_hole()).try_init().unwrap();
    let start = Instant::now();
    drop(guard);
    let took = start.elapsed();
    // The default bound is 2 s.
    assert!(
        took >= Duration::from_secs(1),
        "it waited for the collector: {took:?}"
    );
    assert!(took < Duration::from_millis(2600), "{took:?}");
}

#[test]
fn the_bound_is_a_setting() {
    let _alone = alone();
    let bound = Duration::from_millis(300);
    let guard = exporting_to(black_hole())
        .shutdown_timeout(bound)
        .try_init()
        .unwrap();
    let start = Instant::now();
    assert_eq!(guard.flush(), Err(FlushError::TimedOut(bound)));
    drop(guard);
    assert!(
        start.elapsed() < Duration::from_millis(1200),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_collector_that_is_not_there_is_said() {
    let _alone = alone();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let bound = Duration::from_secs(10);
    let guard = exporting_to(nobody)
        .shutdown_timeout(bound)
        .try_init()
        .unwrap();
    assert!(matches!(guard.flush(), Err(FlushError::Failed(_))));
}

/// A collector that answers, and passes on the head and body of what it is sent.
fn collector() -> (SocketAddr, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") {
                socket.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let (_, length) = head.split_once("content-length: ").unwrap();
            let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
            socket.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            socket.write_all(answer).unwrap();
            if sender.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, received)
}

#[test]
fn zeros_are_exported_at_once_and_the_last_counts_at_the_end() {
    let _alone = alone();
    let (address, received) = collector();
    let guard = exporting_to(address)
        .shutdown_timeout(Duration::from_secs(10))
        .try_init()
        .unwrap();
    let (head, body) = received.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(head.starts_with("post /v1/metrics http/1.1"), "{head}");
    let found = |text: &[u8]| body.windows(text.len()).any(|window| window == text);
    assert!(found(b"slo.events") && found(b"settle") && found(b"slo.objective"));
    // The service is called as the program says where nobody else says how.
    assert!(found(DECLARED.as_bytes()));

    drop(guard);
    let (_, last) = received.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(last.windows(10).any(|window| window == b"slo.events"));
}

#[test]
fn settings_that_can_not_work_are_refused() {
    let _alone = alone();
    let guard = exporting_to(black_hole())
        .shutdown_timeout(Duration::ZERO)
        .try_init()
        .unwrap();
    assert_eq!(
        slo_sdk::try_init().map(|_| ()),
        Err(InitError::AlreadyInitialized)
    );
    drop(guard);
    if !cfg!(feature = "otlp-tls") {
        let https = slo_sdk::builder()
            .endpoint("https://collector.example:4318")
            .try_init();
        let error = https.map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("otlp-tls"), "{error}");
    }
    let nonsense = slo_sdk::builder().endpoint("no address").try_init();
    assert!(matches!(nonsense.map(|_| ()), Err(InitError::Address(_))));
    // A failed start does not stand in the way of the next one.
    drop(
        exporting_to(black_hole())
            .shutdown_timeout(Duration::ZERO)
            .try_init()
            .unwrap(),
    );
}
