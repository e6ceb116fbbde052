//! Real services, over both protocols.

use crate::{
    http::get,
    session::{Beside, Session, counted, watched},
};
use std::time::Instant;

fn traffic(address: &str) {
    for (count, path) in [
        (7, "/answers/200"),
        (3, "/answers/503"),
        (2, "/answers/404"),
        (1, "/slow/80"),
        (4, "/slow/0"),
        (5, "/plain"),
    ] {
        for _ in 0..count {
            get(address, path);
        }
    }
}

fn is_all(view: &serde_json::Value) -> bool {
    counted(view, "answer", "availability") == Some([7, 3, 2])
        && counted(view, "slow", "latency") == Some([4, 1, 0])
        && counted(view, "slow", "availability") == Some([5, 0, 0])
        && view["services"][0]["unannotated"][0]["good"] == 5
}

#[test]
fn a_child_over_http() {
    let began = Instant::now();
    let mut session = Session::start(&["--", &watched()], &[]);
    let address = session.listening();
    get(&address, "/answers/200");
    session.wait_for("the first number", |view| {
        counted(view, "answer", "availability") == Some([1, 0, 0])
    });
    let first = began.elapsed();
    for _ in 0..6 {
        get(&address, "/answers/200");
    }
    for (count, path) in [
        (3, "/answers/503"),
        (2, "/answers/404"),
        (4, "/slow/0"),
        (1, "/slow/80"),
        (5, "/plain"),
    ] {
        for _ in 0..count {
            get(&address, path);
        }
    }
    let view = session.wait_for("all of it", is_all);
    let service = &view["services"][0];
    assert_eq!(service["name"], "watched");
    let journey = &service["journeys"][0];
    assert_eq!(journey["owner"], "team-orders");
    assert_eq!(journey["slos"][0]["id"], "watched/checkout.availability");
    assert_eq!(journey["slos"][0]["counts"]["bad"], 3);
    let steps = journey["steps"].as_array().unwrap();
    let never = steps.iter().find(|step| step["name"] == "never").unwrap();
    assert_eq!(never["never-called"], true);
    let slow = steps.iter().find(|step| step["name"] == "slow").unwrap();
    assert_eq!(slow["slos"][0]["id"], "watched/checkout/slow.latency");
    assert_eq!(slow["slis"][1]["threshold"], 0.05);
    let durations = slow["durations"]["counts"].as_array().unwrap();
    let durations: u64 = durations.iter().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(durations, 5);
    let timeline = journey["timeline"].as_array().unwrap();
    let sum = |key: &str| -> u64 { timeline.iter().map(|one| one[key].as_u64().unwrap()).sum() };
    assert_eq!([sum("good"), sum("bad"), sum("excluded")], [11, 4, 2]);
    // An export a second, and a test that runs beside others.
    assert!(first.as_millis() < 5_000, "{first:?}");
}

#[test]
fn two_processes_over_grpc_and_one_over_http() {
    let session = Session::start(&[], &[]);
    let endpoint = format!("http://{}", session.address);
    let start = |protocol: &str, endpoint: String| {
        Beside::start(&[
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", protocol.to_owned()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
            ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip".to_owned()),
        ])
    };
    let (_one, first) = start("grpc", endpoint.clone());
    traffic(&first);
    session.wait_for("what came over gRPC", is_all);
    let (_two, second) = start("http/protobuf", format!("{endpoint}/v1/metrics"));
    get(&second, "/answers/200");
    let view = session.wait_for("both", |view| {
        counted(view, "answer", "availability") == Some([8, 3, 2])
    });
    assert_eq!(
        view["services"][0]["processes"].as_array().unwrap().len(),
        2
    );
    assert_eq!(
        view["refused"].as_array().unwrap().len(),
        0,
        "{:#}",
        view["refused"]
    );
}
