//! The cases with the layer around the client's `Channel`: what the caller has to count, of a
//! server that counts nothing.
//!
//! In a process of its own, because a client's endpoints have the routes of the server's.

mod plain;

use interop::{Book, Case, Observer, Player, expected};
use slo_sdk::{Endpoint, EventResult, Journey, Objectives, Outcome, endpoint, minutes};
use slo_tower::SloLayer;
use std::time::Duration;
use tokio::{net::TcpListener, time::timeout};
use tonic::transport::Channel;
use tower::ServiceBuilder;

const BOUND: Duration = Duration::from_secs(60);

/// Long enough for the busiest machine: what is late here missed a deadline.
const CALLS: Journey = Journey::new("calls").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, minutes(5)),
);

static CALLED: [&Endpoint; 6] = [
    endpoint!(
        name = "empty-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/EmptyCall"
    ),
    endpoint!(
        name = "unary-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/UnaryCall"
    ),
    endpoint!(
        name = "streaming-output-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/StreamingOutputCall"
    ),
    endpoint!(
        name = "streaming-input-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/StreamingInputCall"
    ),
    endpoint!(
        name = "full-duplex-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/FullDuplexCall"
    ),
    endpoint!(
        name = "unimplemented-call",
        journey = CALLS,
        route = "/grpc.testing.TestService/UnimplementedCall"
    ),
];

/// What the case adds to the client's counts: what it adds to the server's, but for the
/// deadline, which tonic's `Channel` keeps inside of the layer. What the layer sees is an
/// error of the service it wraps.
fn on_client(case: Case) -> Book {
    match case {
        Case::TimeoutOnSleepingServer => expected::book(&[expected::Event::Of(
            "full-duplex-call",
            EventResult::ServerError,
            Outcome::Bad,
            Outcome::Excluded,
        )]),
        case => expected::on_server(case),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_is_counted_as_what_it_was_to_the_caller() {
    assert_eq!(slo_sdk::layer::endpoints().len(), CALLED.len());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let observer = Observer::new();
    tokio::spawn(plain::serve(listener, observer.clone()));
    let uri: http::Uri = format!("http://{address}").parse().expect("a URI");
    let channel = Channel::builder(uri.clone()).connect().await;
    let service = ServiceBuilder::new()
        .layer(SloLayer::new())
        .service(channel.expect("the server listens"));
    let mut player = Player::new(service, &uri, observer);

    for case in Case::ALL {
        let slo = slo_sdk::testing::recorder();
        let played = timeout(BOUND, player.play(case)).await;
        assert_eq!(played.expect("it ends"), Ok(()), "{case}");
        let counted = Book::from_snapshot(&slo.settle(BOUND).await);
        let expected = on_client(case);
        assert_eq!(counted, expected, "{case}");
    }
}
