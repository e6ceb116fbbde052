//! Compression on either side: the event ends with the last byte, not with the last of what
//! the compressor asked for, and a client that leaves midway is seen through it.

use crate::{
    alone::alone,
    client::Wire,
    endpoints::{PAGE, router},
    place::{App, Place, around, serve},
    seen::{LEFT, Line, OK, OK_LATE, SERVER, UNANNOTATED, check, in_flight},
};
use flate2::read::GzDecoder;
use std::{io::Read, net::SocketAddr};
use tower_http::compression::CompressionLayer;

/// Inside the layer, outside it, and both.
fn stacks(place: Place) -> [(&'static str, App); 3] {
    let plain = || place.count(router());
    let inside = || place.count(router().layer(CompressionLayer::new()));
    [
        ("compressed inside", inside()),
        (
            "compressed outside",
            around(CompressionLayer::new(), plain()),
        ),
        (
            "compressed on both sides",
            around(CompressionLayer::new(), inside()),
        ),
    ]
}

/// A path, how many bytes it gives, and what it counts as.
const WHOLE: &[(&str, usize, Line)] = &[
    ("/page", PAGE, ("page", OK, 1)),
    ("/streamed", 3000, ("streamed", OK, 1)),
    ("/announced", 3000, ("announced", OK, 1)),
    ("/slow", 1000, ("slow", OK_LATE, 1)),
    ("/failing", 0, ("failing", SERVER, 1)),
    ("/plain", 24, (UNANNOTATED, OK, 1)),
];

async fn ask(address: SocketAddr, method: &str, path: &str) -> Wire {
    let head = format!("{method} {path} HTTP/1.0\r\nhost: test\r\naccept-encoding: gzip\r\n");
    Wire::ask(address, &head).await
}

/// The body of an answer, decompressed where it says that it is compressed.
fn body(answer: &[u8]) -> Vec<u8> {
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.expect("a whole head") + 4);
    let head = String::from_utf8_lossy(head).to_lowercase();
    if !head.contains("content-encoding: gzip") {
        return body.to_vec();
    }
    let mut plain = Vec::new();
    GzDecoder::new(body)
        .read_to_end(&mut plain)
        .expect("gzip to its end");
    plain
}

#[test]
fn read_to_the_end() {
    alone(async {
        for place in Place::BOTH {
            for (stack, app) in stacks(place) {
                let address = serve(app).await;
                for (path, bytes, line) in WHOLE {
                    let slo = slo_sdk::testing::recorder();
                    let answer = ask(address, "GET", path).await.end().await;
                    assert_eq!(body(&answer).len(), *bytes, "{path} {stack} {place:?}");
                    check(&slo, &[*line], &format!("{path} {stack} {place:?}")).await;
                }
                let slo = slo_sdk::testing::recorder();
                ask(address, "HEAD", "/streamed").await.end().await;
                check(&slo, &[("streamed", OK, 1)], stack).await;
            }
        }
    });
}

#[test]
fn left_midway() {
    alone(async {
        for place in Place::BOTH {
            for (stack, app) in stacks(place) {
                let slo = slo_sdk::testing::recorder();
                let mut wire = ask(serve(app).await, "GET", "/endless").await;
                let head = wire.until("\r\n\r\n").await;
                assert!(head.contains("content-encoding: gzip"), "{head}");
                in_flight(&slo, "endless", 1).await;
                drop(wire);
                check(&slo, &[("endless", LEFT, 1)], &format!("{stack} {place:?}")).await;
            }
        }
    });
}
