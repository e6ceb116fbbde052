//! WebSockets, over HTTP/1 and over HTTP/2 (RFC 8441).

use crate::{
    alone::{SLOW, alone, pass},
    client::{Peer, Wire, part},
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{CLIENT, Line, OK, check},
};
use axum::{
    Router,
    extract::ws::{WebSocket, WebSocketUpgrade},
    http::Method,
    response::Response,
    routing::any,
};
use bytes::Bytes;
use h2::ext::Protocol;
use slo_sdk::slo;

#[slo(journey = SHAPES, route = "GET /socket")]
async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// `hello` as the client says it, masked with zeros, and as it comes back.
const SAYS: &[u8] = b"\x81\x85\0\0\0\0hello";
const HEARS: &[u8] = b"\x81\x05hello";

fn app() -> Router {
    Router::new().route("/socket", any(socket))
}

#[test]
fn over_one() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let address = serve(place.count(app())).await;
            let mut wire = Wire::connect(address).await;
            wire.send(
                "GET /socket HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\n\
                 upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                 sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            )
            .await;
            wire.until("101 Switching Protocols").await;
            let over: &[Line] = &[("socket", OK, 1)];
            check(&slo, over, "while the socket is open").await;
            pass(SLOW);
            wire.send(SAYS).await;
            wire.until("hello").await;
            drop(wire);
            check(&slo, over, "when it is closed").await;
            let refused = Wire::get(address, "/socket").await.status().await;
            assert_eq!(refused, Some(400));
            let lines = [("socket", OK, 1), ("socket", CLIENT, 1)];
            check(&slo, &lines, &format!("{place:?}")).await;
        }
    });
}

#[test]
fn over_two() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let mut peer = Peer::connect(serve(place.count(app())).await).await;
            while !peer.takes_protocols() {
                tokio::task::yield_now().await;
            }
            let request = http::Request::builder()
                .method(Method::CONNECT)
                .uri("http://test/socket")
                .header("sec-websocket-version", "13")
                .extension(Protocol::from_static("websocket"))
                .body(());
            let (answer, mut to) = peer.send(request.expect("a request"), false).await;
            let answer = answer.await.expect("an answer");
            assert_eq!(answer.status(), 200);
            let over: &[Line] = &[("socket", OK, 1)];
            check(&slo, over, "while the socket is open").await;
            pass(SLOW);
            to.send_data(Bytes::from_static(SAYS), false)
                .expect("it is open");
            let back = part(&mut answer.into_body()).await;
            assert_eq!(back.as_deref(), Some(HEARS));
            peer.leave().await;
            check(&slo, over, &format!("{place:?}")).await;
        }
    });
}
