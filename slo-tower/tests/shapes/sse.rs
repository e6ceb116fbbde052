//! Streams of events, promised to their end or only to their head.

use crate::{
    alone::{SLOW, alone, pass},
    client::{Peer, Wire, all, part},
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{LEFT, LEFT_LATE, OK, OK_LATE, Seen, check},
};
use axum::{
    Router,
    extract::Path,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use slo_sdk::slo;
use std::{convert::Infallible, time::Duration};
use tokio_stream::Stream;

/// Promised to its end.
#[slo(journey = SHAPES, route = "GET /ticks/{kind}")]
async fn ticks(Path(kind): Path<String>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    events(&kind)
}

/// Only the head is promised.
#[slo(journey = SHAPES, route = "GET /feed/{kind}", until = headers)]
async fn feed(Path(kind): Path<String>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    events(&kind)
}

/// Ends by itself or goes on for ever; in time, or late in the body, or late by its head.
fn events(kind: &str) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let is_endless = kind.starts_with("endless");
    let is_late = kind.ends_with("late");
    if kind.ends_with("slow") {
        pass(SLOW);
    }
    let events = async_stream::stream! {
        let mut rest = 3_u32;
        while rest > 0 || is_endless {
            yield Ok(Event::default().data("tick"));
            if is_late && rest == 3 {
                pass(SLOW);
            }
            rest = rest.saturating_sub(1);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// A kind of stream, and what it counts as if all of it is promised, or only its head.
type Row = (&'static str, Seen, Seen);

const ROWS: &[Row] = &[
    ("whole", OK, OK),
    ("whole-late", OK_LATE, OK),
    ("whole-slow", OK_LATE, OK_LATE),
    ("endless", LEFT, OK),
    ("endless-late", LEFT_LATE, OK),
    ("endless-slow", LEFT_LATE, OK_LATE),
];

#[test]
fn ended_by_the_server_or_left_by_the_client() {
    alone(async {
        let router = || {
            Router::new()
                .route("/ticks/{kind}", get(ticks))
                .route("/feed/{kind}", get(feed))
        };
        for place in Place::BOTH {
            let address = serve(place.count(router())).await;
            for (kind, to_its_end, by_its_head) in ROWS {
                for (endpoint, seen) in [("ticks", *to_its_end), ("feed", *by_its_head)] {
                    let slo = slo_sdk::testing::recorder();
                    let path = format!("/{endpoint}/{kind}");
                    over_one(&path, address).await;
                    over_two(&path, address).await;
                    check(&slo, &[(endpoint, seen, 2)], &format!("{path} {place:?}")).await;
                }
            }
        }
    });
}

/// Over HTTP/1, where leaving is closing.
async fn over_one(path: &str, address: std::net::SocketAddr) {
    let mut wire = Wire::get(address, path).await;
    if path.contains("endless") {
        // With the second one, the time after the first has passed.
        wire.until("tick").await;
        wire.until("tick").await;
    } else {
        wire.until("\r\n0\r\n\r\n").await;
    }
}

/// Over HTTP/2, where leaving is a reset of the stream.
async fn over_two(path: &str, address: std::net::SocketAddr) {
    let mut peer = Peer::connect(address).await;
    let (answer, _) = peer.get(path).await;
    let mut body = answer.await.expect("an answer").into_body();
    if path.contains("endless") {
        for _ in 0..2 {
            part(&mut body).await.expect("it goes on");
        }
    } else {
        assert_eq!(all(body).await.len(), 3 * "data: tick\n\n".len());
    }
}
