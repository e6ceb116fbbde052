//! The usual variables name a proxy between the program and its collector.

use crate::child::is_child;
use slo_sdk::{Journey, Objectives, slo};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

const PROXIES: Journey = Journey::new("proxies").objectives(Objectives::new().availability(99.0));

#[slo(journey = PROXIES)]
fn proxied() {}

/// The child has ended by then, or never asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// A proxy that gives this answer to every request: where it listens, and the lines of the heads
/// of the requests.
fn proxy(answer: &'static [u8]) -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, heads) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let head = head(&mut reader);
            let mut lines = head.iter();
            let length = lines.find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            reader.into_inner().write_all(answer).unwrap();
            // Later ones are not asked for.
            let _ = sender.send(head);
        }
    });
    (address, heads)
}

fn head(reader: &mut impl BufRead) -> Vec<String> {
    let lines = reader.lines().map(Result::unwrap);
    lines.take_while(|line| !line.is_empty()).collect()
}

/// Exports once in a child that knows these variables; why that failed, if it did.
fn export() -> Result<(), String> {
    let guard = slo_sdk::builder()
        .stderr(false)
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(20))
        .try_init()
        .unwrap();
    proxied();
    guard.flush().map_err(|error| error.to_string())
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn a_proxy_gets_the_request_itself() {
    let (address, heads) = proxy(OK);
    let is_child = is_child(
        "proxies::a_proxy_gets_the_request_itself",
        &[
            (
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector.invalid:4318",
            ),
            ("HTTP_PROXY", &format!("http://user:p%40ss@{address}")),
            // Of https addresses only.
            ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ],
    );
    if is_child {
        return export().unwrap();
    }
    let head = heads
        .recv_timeout(PATIENCE)
        .expect("nobody asked the proxy");
    assert_eq!(
        head[0],
        "POST http://collector.invalid:4318/v1/metrics HTTP/1.1"
    );
    for line in [
        "host: collector.invalid:4318",
        "proxy-authorization: Basic dXNlcjpwQHNz",
    ] {
        assert!(head.iter().any(|one| one == line), "{line}: {head:#?}");
    }
}

#[test]
fn a_collector_without_a_proxy_is_asked_itself() {
    let (address, heads) = proxy(OK);
    let is_child = is_child(
        "proxies::a_collector_without_a_proxy_is_asked_itself",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{address}")),
            ("HTTP_PROXY", "http://127.0.0.1:1"),
            ("NO_PROXY", "example.com,127.0.0.0/8"),
        ],
    );
    if is_child {
        return export().unwrap();
    }
    let head = heads
        .recv_timeout(PATIENCE)
        .expect("nobody asked the proxy");
    assert_eq!(head[0], "POST /v1/metrics HTTP/1.1");
    let names_proxy = |line: &String| line.starts_with("proxy-authorization");
    assert!(!head.iter().any(names_proxy), "{head:#?}");
}

#[cfg(feature = "otlp-tls")]
#[test]
fn a_proxy_makes_a_tunnel_to_an_https_collector() {
    let (address, heads) = proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let is_child = is_child(
        "proxies::a_proxy_makes_a_tunnel_to_an_https_collector",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.invalid"),
            ("HTTPS_PROXY", &format!("http://user:p%40ss@{address}")),
        ],
    );
    if is_child {
        let error = export().unwrap_err();
        assert!(error.contains("proxy authorization required"), "{error}");
        return;
    }
    let head = heads
        .recv_timeout(PATIENCE)
        .expect("nobody asked the proxy");
    assert_eq!(head[0], "CONNECT collector.invalid:443 HTTP/1.1");
    let authorization =
        |line: &String| line.eq_ignore_ascii_case("proxy-authorization: Basic dXNlcjpwQHNz");
    assert!(head.iter().any(authorization), "{head:#?}");
}
