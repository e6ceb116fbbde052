//! CONNECT: a tunnel is over for the layer as soon on its own.

use crate::{
    alone::alone,
    client::{Peer, Wire, part},
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{CLIENT, OK, check},
    upgrade::{echo, talk},
};
use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode},
};
use bytes::Bytes;
use slo_sdk::slo;

/// Serves what no route can match: the target of CONNECT has no path.
#[slo(journey = SHAPES)]
async fn tunnel(request: Request) -> StatusCode {
    match (request.method(), request.uri().host()) {
        (&Method::CONNECT, Some("allowed")) => {
            echo(request);
            StatusCode::OK
        }
        _ => StatusCode::FORBIDDEN,
    }
}

fn app() -> Router {
    Router::new().fallback(tunnel)
}

#[test]
fn over_one() {
    alone(async {
        for place in Place::BOTH {
            let slo = slo_sdk::testing::recorder();
            let address = serve(place.count(app())).await;
            let mut wire = Wire::connect(address).await;
            wire.send("CONNECT allowed:80 HTTP/1.1\r\nhost: allowed:80\r\n\r\n")
                .await;
            wire.until("HTTP/1.1 200 OK\r\n").await;
            wire.until("\r\n").await;
            check(&slo, &[("tunnel", OK, 1)], "while the tunnel stands").await;
            talk(wire).await;
            let refused = "CONNECT elsewhere:80 HTTP/1.1\r\nhost: elsewhere:80\r\n";
            let refused = Wire::ask(address, refused).await.status().await;
            assert_eq!(refused, Some(403));
            let lines = [("tunnel", OK, 1), ("tunnel", CLIENT, 1)];
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
            let request = http::Request::connect("allowed:80").body(());
            let (answer, mut to) = peer.send(request.expect("a request"), false).await;
            let mut from = answer.await.expect("an answer").into_body();
            check(&slo, &[("tunnel", OK, 1)], "while the tunnel stands").await;
            to.send_data(Bytes::from_static(b"hello"), false)
                .expect("it is open");
            let back = part(&mut from).await;
            assert_eq!(back.as_deref(), Some(b"hello".as_slice()));
            peer.leave().await;
            check(&slo, &[("tunnel", OK, 1)], &format!("{place:?}")).await;
        }
    });
}
