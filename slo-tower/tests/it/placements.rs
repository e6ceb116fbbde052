//! The same requests give the same counts, wherever the layer stands.

use crate::{
    scenario::{by_segment, check, play, sent_of_each, unannotated},
    shop::{router, serve_counted_from_outside},
};
use slo_sdk::Snapshot;
use slo_tower::SloLayer;
use std::net::SocketAddr;
use tokio::net::TcpListener;

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

#[tokio::test]
async fn inside_the_router() {
    let slo = slo_sdk::testing::recorder();
    let (listener, address) = listener().await;
    let server =
        tokio::spawn(async { axum::serve(listener, router().layer(SloLayer::new())).await });
    play(address).await;
    if cfg!(feature = "axum") {
        let n = sent_of_each();
        let snapshot = check(&slo, true).await;
        assert_eq!(unannotated(&snapshot, "/unannotated"), n);
        // Two handlers stand behind it, so it is nobody's.
        assert_eq!(unannotated(&snapshot, "/numbers/{id}"), n);
        assert_eq!(unannotated(&snapshot, "_unmatched"), n);
    } else {
        let snapshot = check(&slo, false).await;
        counted_by_segment(&snapshot);
    }
    server.abort();
}

#[tokio::test]
async fn around_the_whole_router() {
    let slo = slo_sdk::testing::recorder();
    let (listener, address) = listener().await;
    let server = tokio::spawn(serve_counted_from_outside(listener));
    play(address).await;
    let snapshot = check(&slo, false).await;
    counted_by_segment(&snapshot);
    server.abort();
}

fn counted_by_segment(snapshot: &Snapshot) {
    for (name, requests) in by_segment() {
        assert_eq!(unannotated(snapshot, name), requests, "{name}");
    }
}
