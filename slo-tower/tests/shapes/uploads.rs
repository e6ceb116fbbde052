//! Requests whose body is read while they are served: it comes late, or never, or goes on
//! after the answer began.

use crate::{
    alone::alone,
    client::{Peer, Wire, part},
    endpoints::{SHAPES, router},
    place::{Place, serve, tapped},
    seen::{CLIENT, LEFT, Line, OK, UNANNOTATED, check, in_flight},
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    routing::post,
};
use slo_sdk::slo;
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::Semaphore;

/// Sends back what it is sent, while it comes.
#[slo(journey = SHAPES, route = "POST /echo")]
async fn echo(request: Request) -> Body {
    request.into_body()
}

async fn plain_upload(body: Bytes) -> String {
    body.len().to_string()
}

struct Served {
    address: SocketAddr,
    polled: Arc<Semaphore>,
}

impl Served {
    async fn new(place: Place) -> Served {
        let app: Router = router()
            .route("/echo", post(echo))
            .route("/plain-upload", post(plain_upload));
        let polled = Arc::new(Semaphore::new(0));
        Served {
            address: serve(tapped(place.count(app), &polled)).await,
            polled,
        }
    }

    /// Waits until one more request is being served.
    async fn polled(&self) {
        let one = self.polled.acquire().await;
        one.expect("it is never closed").forget();
    }

    /// Begins an upload over HTTP/1.
    async fn one(&self, path: &str, rest: &str) -> Wire {
        let mut wire = Wire::connect(self.address).await;
        wire.send(format!("POST {path} HTTP/1.1\r\nhost: test\r\n{rest}"))
            .await;
        self.polled().await;
        wire
    }

    /// Begins an upload over HTTP/2.
    async fn two(&self, peer: &mut Peer, path: &str) -> crate::client::Stream {
        let request = http::Request::post(format!("http://test{path}")).body(());
        let mut stream = peer.send(request.expect("a request"), false).await;
        send(&mut stream.1, "abc", false);
        stream
    }
}

fn send(to: &mut h2::SendStream<Bytes>, data: &'static str, is_last: bool) {
    let data = Bytes::from_static(data.as_bytes());
    to.send_data(data, is_last).expect("it is open");
}

const ANNOUNCED: &str = "content-length: 10\r\n\r\nabc";
const CHUNKED: &str = "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";

#[test]
fn a_body_that_never_comes() {
    alone(async {
        for place in Place::BOTH {
            let served = Served::new(place).await;
            // The extractor hears of it first, and refuses what it has not got.
            for (path, endpoint) in [("/upload", "upload"), ("/plain-upload", UNANNOTATED)] {
                for rest in [ANNOUNCED, CHUNKED] {
                    let slo = slo_sdk::testing::recorder();
                    drop(served.one(path, rest).await);
                    check(&slo, &[(endpoint, CLIENT, 1)], &format!("{rest} {place:?}")).await;
                }
                let slo = slo_sdk::testing::recorder();
                let mut peer = Peer::connect(served.address).await;
                let mut stream = served.two(&mut peer, path).await;
                served.polled().await;
                stream.1.send_reset(h2::Reason::CANCEL);
                check(&slo, &[(endpoint, CLIENT, 1)], &format!("reset {place:?}")).await;
                let _stream = served.two(&mut peer, path).await;
                served.polled().await;
                peer.leave().await;
                check(&slo, &[(endpoint, CLIENT, 2)], &format!("left {place:?}")).await;
            }
        }
    });
}

#[test]
fn a_body_that_comes_slowly() {
    alone(async {
        for place in Place::BOTH {
            let served = Served::new(place).await;
            let slo = slo_sdk::testing::recorder();
            let head = "connection: close\r\ncontent-length: 10\r\n\r\nabc";
            let mut wire = served.one("/upload", head).await;
            for byte in ["d", "e", "f", "g", "h", "i", "j"] {
                wire.send(byte).await;
                tokio::task::yield_now().await;
            }
            assert_eq!(wire.status().await, Some(200));
            check(&slo, &[("upload", OK, 1)], &format!("{place:?}")).await;
        }
    });
}

#[test]
fn a_body_read_after_the_answer_began() {
    alone(async {
        for place in Place::BOTH {
            let served = Served::new(place).await;
            let slo = slo_sdk::testing::recorder();
            let mut wire = served.one("/echo", CHUNKED).await;
            wire.until("abc").await;
            wire.send("3\r\ndef\r\n").await;
            wire.until("def").await;
            in_flight(&slo, "echo", 1).await;
            wire.send("0\r\n\r\n").await;
            wire.until("\r\n0\r\n\r\n").await;
            check(&slo, &[("echo", OK, 1)], &format!("HTTP/1 {place:?}")).await;

            let mut peer = Peer::connect(served.address).await;
            let (answer, mut to) = served.two(&mut peer, "/echo").await;
            let mut from = answer.await.expect("an answer").into_body();
            assert_eq!(part(&mut from).await.as_deref(), Some(&b"abc"[..]));
            send(&mut to, "def", true);
            assert_eq!(part(&mut from).await.as_deref(), Some(&b"def"[..]));
            assert_eq!(part(&mut from).await, None);
            check(&slo, &[("echo", OK, 2)], &format!("HTTP/2 {place:?}")).await;
        }
    });
}

#[test]
fn a_client_that_leaves_after_the_answer_began() {
    alone(async {
        for place in Place::BOTH {
            let served = Served::new(place).await;
            let line = |events| -> [Line; 1] { [("echo", LEFT, events)] };
            let slo = slo_sdk::testing::recorder();
            let mut peer = Peer::connect(served.address).await;
            let (answer, mut to) = served.two(&mut peer, "/echo").await;
            let mut from = answer.await.expect("an answer").into_body();
            part(&mut from).await;
            to.send_reset(h2::Reason::CANCEL);
            check(&slo, &line(1), &format!("reset {place:?}")).await;

            let (answer, _to) = served.two(&mut peer, "/echo").await;
            let mut from = answer.await.expect("an answer").into_body();
            part(&mut from).await;
            peer.leave().await;
            check(&slo, &line(2), &format!("left {place:?}")).await;
        }
    });
}
