//! The cases, played by a tonic client over a socket: the protocol's own assertions, the
//! exact counts after each case, and the same counts at a collector.
//!
//! All on one thread: a reset that arrives while an answer is polled on another would look
//! like the end of the requests, and might be answered.

mod collector;
#[path = "../src/counted.rs"]
mod counted;

use collector::Collector;
use interop::{Book, Case, Observer, Player, Wire, expected};
use std::{future::pending, time::Duration};
use tokio::{net::TcpListener, time::timeout};

/// What one case may take on the busiest machine.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn every_case_is_counted_as_what_it_is() {
    let collector = Collector::start().await;
    let export = slo_sdk::builder()
        .endpoint(collector.url())
        .service_name("interop")
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(BOUND)
        .try_init()
        .expect("the exporter starts");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let observer = Observer::new();
    tokio::spawn(counted::serve(listener, observer.clone(), pending()));
    let wire = Wire::connect(address).await.expect("the server listens");
    let uri = format!("http://{address}").parse().expect("a URI");
    let mut player = Player::new(wire, &uri, observer.clone());

    let mut all = Book::default();
    for case in Case::ALL {
        let slo = slo_sdk::testing::recorder();
        let played = timeout(BOUND, player.play(case)).await;
        assert_eq!(played.expect("it ends"), Ok(()), "{case}");
        let gone = observer.wait_for(|seen| seen.arrived == seen.gone);
        timeout(BOUND, gone).await.expect("the server ends it");
        let counted = Book::from_snapshot(&slo.settle(BOUND).await);
        let expected = expected::on_server(case);
        assert_eq!(counted, expected, "{case}");
        all = all.plus(&counted);
    }

    export.flush().expect("the collector answers");
    assert_eq!(collector.latest().await, all);
}
