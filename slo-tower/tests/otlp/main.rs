//! What a collector receives is what the client saw.
//!
//! In a process of its own, because the first export must come before the first request.

#[path = "../it/client.rs"]
mod client;
mod collector;
#[path = "../it/scenario.rs"]
mod scenario;
#[path = "../it/shop.rs"]
mod shop;

use collector::{Collector, Point};
use slo_sdk::EventResult;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_collector_receives_exactly_what_happened() {
    let collector = Collector::start().await;
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .service_name("shop")
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(10))
        .try_init()
        .expect("the exporter starts");

    // Nobody asks for it: the zeros have to come by themselves.
    let first = collector.first().await;
    assert_eq!(first.service_name(), "shop");
    everything_is_there_at_zero(&first);

    let slo = slo_sdk::testing::recorder();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(shop::serve_counted_from_outside(listener));
    scenario::play(address).await;
    let counted = scenario::check(&slo, false).await;
    server.abort();

    guard.flush().expect("the collector answers");
    let last = collector.latest().await;
    // Which requests nobody annotated is not known before they come.
    let mut late: Vec<String> = Vec::new();
    for (metric, attributes) in last.series().difference(&first.series()) {
        assert_eq!(metric, "slo.unannotated", "no other series appears late");
        late.push(attributes["http.route"].clone());
    }
    assert!(first.series().is_subset(&last.series()));
    for endpoint in counted.endpoints() {
        let name = endpoint.name();
        for (result, events) in endpoint.results() {
            let exported = last.sum(
                "slo.results",
                &[("slo.endpoint", name), ("slo.result", result.as_str())],
            );
            assert_eq!(exported, events as f64, "{name} {result}");
        }
        for sli in endpoint.slis() {
            for (outcome, events) in [("good", sli.counts.good), ("bad", sli.counts.bad)] {
                let attributes = [
                    ("slo.endpoint", name),
                    ("slo.sli", sli.name),
                    ("slo.outcome", outcome),
                ];
                assert_eq!(
                    last.sum("slo.events", &attributes),
                    events as f64,
                    "{name} {sli:?}"
                );
            }
        }
        let answered = [EventResult::Ok, EventResult::MarkedGood]
            .map(|result| endpoint.result(result))
            .iter()
            .sum::<u64>();
        let measured = last.sum("slo.duration", &[("slo.endpoint", name)]);
        assert_eq!(measured, answered as f64, "{name}");
        assert_eq!(
            last.sum("slo.in_flight", &[("slo.endpoint", name)]),
            0.0,
            "{name}"
        );
    }
    let named = scenario::by_segment();
    for (name, requests) in &named {
        let expected = requests * scenario::sent_of_each();
        assert_eq!(scenario::unannotated(&counted, name), expected, "{name}");
        let exported = last.sum("slo.unannotated", &[("http.route", name)]);
        assert_eq!(exported, expected as f64, "{name}");
    }
    let is_named = |late: &String| named.iter().any(|(name, _)| name == late);
    assert!(late.iter().all(is_named), "{late:?}");
}

fn everything_is_there_at_zero(first: &collector::Export) {
    let endpoints = slo_sdk::layer::endpoints();
    assert!(endpoints.len() >= 15);
    for endpoint in endpoints {
        let name = endpoint.declaration().name;
        let of = |metric| {
            first
                .points(metric, &[("slo.endpoint", name)])
                .collect::<Vec<_>>()
        };
        assert_eq!(of("slo.results").len(), EventResult::ALL.len(), "{name}");
        let slis = 1 + endpoint.slis().latencies().count();
        assert_eq!(of("slo.events").len(), 2 * slis, "{name}");
        assert_eq!(of("slo.in_flight").len(), 1, "{name}");
        for point in [of("slo.results"), of("slo.events"), of("slo.in_flight")].concat() {
            assert_eq!(point.value, 0.0, "{point:?}");
        }
    }
    assert_eq!(
        first.sum("slo.unannotated", &[("http.route", "_unmatched")]),
        0.0
    );

    let threshold = [
        ("slo.endpoint", "slow"),
        ("slo.sli", "latency"),
        ("slo.threshold", "0.02"),
    ];
    assert_eq!(first.points("slo.events", &threshold).count(), 2);
    let objective = |sli| {
        let attributes = [
            ("slo.journey", "shop"),
            ("slo.sli", sli),
            ("slo.window", "30d"),
        ];
        let of_journey = |point: &Point| !point.attributes.contains_key("slo.endpoint");
        first
            .points("slo.objective", &attributes)
            .find(of_journey)
            .map(|point| point.value)
    };
    assert_eq!(objective("availability"), Some(0.99));
    assert_eq!(objective("latency"), Some(0.99));
    assert_eq!(
        first.sum("slo.objective", &[("slo.endpoint", "slow")]),
        0.99
    );
    assert_eq!(
        first.points("slo.info", &[("slo.journey", "shop")]).count(),
        1 + slo_sdk::layer::endpoints().len()
    );
}
