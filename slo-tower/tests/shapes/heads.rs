//! How long an answer is, and how its end is told: by its head, by a length, by a last chunk,
//! by trailers, by the end of the connection.

use crate::{
    alone::alone,
    client::{Peer, Wire, all},
    endpoints::{SHAPES, parts, router},
    place::{Place, serve},
    seen::{BROKEN, CLIENT, Line, OK, SERVER, UNANNOTATED, check},
};
use axum::{Router, body::Body, http::HeaderMap, routing::get};
use http_body_util::BodyExt;
use slo_sdk::slo;

/// Ends with trailers.
#[slo(journey = SHAPES, route = "GET /trailers")]
async fn trailers() -> ([(&'static str, &'static str); 1], Body) {
    let mut last = HeaderMap::new();
    last.insert("checksum", "7".parse().expect("a value"));
    let body = parts(2).with_trailers(async { Some(Ok(last)) });
    ([("trailer", "checksum")], Body::new(body))
}

/// Announces more than it has.
#[slo(journey = SHAPES, route = "GET /short")]
async fn short() -> ([(&'static str, &'static str); 1], Body) {
    ([("content-length", "3000")], parts(2))
}

/// Has more than it announces.
#[slo(journey = SHAPES, route = "GET /long")]
async fn long() -> ([(&'static str, &'static str); 1], Body) {
    ([("content-length", "1500")], parts(2))
}

fn app() -> Router {
    router()
        .route("/trailers", get(trailers))
        .route("/short", get(short))
        .route("/long", get(long))
}

/// The head of a request, what its answer begins with and what it ends with.
type Row = (&'static str, &'static str, &'static str, Line);

const ROWS: &[Row] = &[
    (
        "GET /empty HTTP/1.1",
        "HTTP/1.1 204",
        "\r\n\r\n",
        ("empty", OK, 1),
    ),
    (
        "GET /not-modified HTTP/1.1",
        "HTTP/1.1 304",
        "\r\n\r\n",
        ("not-modified", OK, 1),
    ),
    (
        "HEAD /not-modified HTTP/1.1",
        "HTTP/1.1 304",
        "\r\n\r\n",
        ("not-modified", OK, 1),
    ),
    (
        "HEAD /page HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n\r\n",
        ("page", OK, 1),
    ),
    (
        "HEAD /streamed HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n\r\n",
        ("streamed", OK, 1),
    ),
    (
        "HEAD /endless HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n\r\n",
        ("endless", OK, 1),
    ),
    (
        "HEAD /short HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n\r\n",
        ("short", OK, 1),
    ),
    (
        "HEAD /failing HTTP/1.1",
        "HTTP/1.1 500",
        "\r\n\r\n",
        ("failing", SERVER, 1),
    ),
    (
        "HEAD /nowhere HTTP/1.1",
        "HTTP/1.1 404",
        "\r\n\r\n",
        (UNANNOTATED, OK, 1),
    ),
    ("GET /page HTTP/1.1", "HTTP/1.1 200", "xxx", ("page", OK, 1)),
    (
        "GET /page?of=7#8 HTTP/1.1",
        "HTTP/1.1 200",
        "xxx",
        ("page", OK, 1),
    ),
    (
        "GET http://test/page HTTP/1.1",
        "HTTP/1.1 200",
        "xxx",
        ("page", OK, 1),
    ),
    ("GET /page HTTP/1.0", "HTTP/1.0 200", "xxx", ("page", OK, 1)),
    (
        "GET /streamed HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n0\r\n\r\n",
        ("streamed", OK, 1),
    ),
    // Its end is that of the connection.
    (
        "GET /streamed HTTP/1.0",
        "HTTP/1.0 200",
        "",
        ("streamed", OK, 1),
    ),
    (
        "GET /announced HTTP/1.1",
        "HTTP/1.1 200",
        "",
        ("announced", OK, 1),
    ),
    (
        "GET /announced HTTP/1.0",
        "HTTP/1.0 200",
        "",
        ("announced", OK, 1),
    ),
    (
        "GET /trailers HTTP/1.1\r\nte: trailers",
        "HTTP/1.1 200",
        "\r\n0\r\nchecksum: 7\r\n\r\n",
        ("trailers", OK, 1),
    ),
    (
        "GET /trailers HTTP/1.1",
        "HTTP/1.1 200",
        "\r\n0\r\n\r\n",
        ("trailers", OK, 1),
    ),
    (
        "GET /short HTTP/1.1",
        "HTTP/1.1 200",
        "",
        ("short", BROKEN, 1),
    ),
    // What was announced was sent; the rest never leaves the server.
    ("GET /long HTTP/1.1", "HTTP/1.1 200", "", ("long", OK, 1)),
    (
        "OPTIONS * HTTP/1.1",
        "HTTP/1.1 404",
        "",
        (UNANNOTATED, OK, 1),
    ),
    (
        "DELETE /page HTTP/1.1",
        "HTTP/1.1 405",
        "",
        (UNANNOTATED, OK, 1),
    ),
    (
        "MADE-UP /page HTTP/1.1",
        "HTTP/1.1 405",
        "",
        (UNANNOTATED, OK, 1),
    ),
    (
        "POST /upload HTTP/1.1",
        "HTTP/1.1 200",
        "0",
        ("upload", OK, 1),
    ),
];

#[test]
fn over_one() {
    alone(async {
        for place in Place::BOTH {
            let address = serve(place.count(app())).await;
            for (head, begins, ends, line) in ROWS {
                let slo = slo_sdk::testing::recorder();
                let wire = Wire::ask(address, &format!("{head}\r\nhost: test\r\n")).await;
                let answer = String::from_utf8_lossy(&wire.end().await).into_owned();
                assert!(answer.starts_with(begins), "{head}: {answer}");
                assert!(answer.ends_with(ends), "{head}: {answer}");
                check(&slo, &[*line], &format!("{head} {place:?}")).await;
            }
        }
    });
}

#[test]
fn over_two() {
    alone(async {
        for place in Place::BOTH {
            let mut peer = Peer::connect(serve(place.count(app())).await).await;
            let slo = slo_sdk::testing::recorder();
            for (path, bytes) in [
                ("/page", 4000),
                ("/streamed", 3000),
                ("/announced", 3000),
                ("/trailers", 2000),
                ("/empty", 0),
                // The server sends what must not be sent; the event is over before.
                ("/not-modified", 11),
                ("/failing", 0),
            ] {
                let (answer, _) = peer.get(path).await;
                let body = answer.await.expect("an answer").into_body();
                assert_eq!(all(body).await.len(), bytes, "{path}");
            }
            let lines: &[Line] = &[
                ("page", OK, 1),
                ("streamed", OK, 1),
                ("announced", OK, 1),
                ("trailers", OK, 1),
                ("empty", OK, 1),
                ("not-modified", OK, 1),
                ("failing", SERVER, 1),
            ];
            check(&slo, lines, &format!("{place:?}")).await;
        }
    });
}

#[test]
fn one_connection_for_many() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let mut wire = Wire::connect(serve(place.count(app())).await).await;
            let pipelined = [
                "/page",
                "/empty",
                "/streamed",
                "/not-modified",
                "/announced",
            ]
            .map(|path| format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"));
            wire.send(pipelined.concat()).await;
            wire.send("GET /page HTTP/1.1\r\nconnection: close\r\nhost: test\r\n\r\n")
                .await;
            wire.end().await;
            let lines: &[Line] = &[
                ("page", OK, 2),
                ("empty", OK, 1),
                ("streamed", OK, 1),
                ("not-modified", OK, 1),
                ("announced", OK, 1),
            ];
            check(&slo, lines, &format!("{place:?}")).await;
        }
    });
}

#[test]
fn a_client_that_asks_before_it_sends() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let address = serve(place.count(app())).await;
            let expects = |path| {
                format!(
                    "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
                     expect: 100-continue\r\ncontent-length: 3\r\n\r\n"
                )
            };
            let mut wire = Wire::connect(address).await;
            wire.send(expects("/upload")).await;
            wire.until("HTTP/1.1 100 Continue\r\n\r\n").await;
            wire.send("abc").await;
            assert_eq!(wire.status().await, Some(200));
            // Nobody wants this body, so there is nothing to go on with.
            let mut wire = Wire::connect(address).await;
            wire.send(expects("/page")).await;
            assert_eq!(wire.status().await, Some(405));
            let lines = [("upload", OK, 1), (UNANNOTATED, CLIENT, 1)];
            check(&slo, &lines, &format!("{place:?}")).await;
        }
    });
}
