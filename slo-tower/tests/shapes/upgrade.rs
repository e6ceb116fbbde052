//! A connection that is handed over: the event ends with the head of the answer, however long
//! the connection lives.

use crate::{
    alone::{SLOW, alone, pass},
    client::Wire,
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{CLIENT, Line, OK, check},
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use hyper_util::rt::TokioIo;
use slo_sdk::slo;
use tokio::io::{copy, split};

/// Echoes what comes after the head.
#[slo(journey = SHAPES, route = "GET /raw")]
async fn raw(request: Request) -> Response {
    if !request.headers().contains_key(header::UPGRADE) {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    }
    echo(request);
    let head = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "raw")];
    (StatusCode::SWITCHING_PROTOCOLS, head, Body::empty()).into_response()
}

/// Takes over the connection of a request once it is answered.
pub(crate) fn echo(request: Request) {
    tokio::spawn(async move {
        let upgraded = hyper::upgrade::on(request).await;
        let (mut from, mut to) = split(TokioIo::new(upgraded.expect("an upgrade")));
        let _ = copy(&mut from, &mut to).await;
    });
}

/// Talks over a connection that was handed over, for long, and leaves.
pub(crate) async fn talk(mut wire: Wire) {
    wire.send("hello").await;
    wire.until("hello").await;
    pass(SLOW);
    wire.send("still there").await;
    wire.until("there").await;
}

#[test]
fn is_over_with_its_head() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let app = Router::new().route("/raw", get(raw));
            let address = serve(place.count(app)).await;
            let mut wire = Wire::connect(address).await;
            let head = "GET /raw HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: raw\r\n";
            wire.send(format!("{head}\r\n")).await;
            wire.until("101 Switching Protocols").await;
            wire.until("\r\n\r\n").await;
            let over: &[Line] = &[("raw", OK, 1)];
            check(&slo, over, "while the connection lives").await;
            talk(wire).await;
            check(&slo, over, "when it is over").await;
            let refused = Wire::get(address, "/raw").await.status().await;
            assert_eq!(refused, Some(426));
            let lines = [("raw", OK, 1), ("raw", CLIENT, 1)];
            check(&slo, &lines, &format!("{place:?}")).await;
        }
    });
}
