//! Exports as OpenTelemetry's own types write them.

use crate::session::{Session, counted};
use flate2::{Compression, write::GzEncoder};
use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::ExportLogsServiceRequest,
        metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse},
    },
    common::v1::{AnyValue, ArrayValue, KeyValue, any_value},
    logs::v1::{LogRecord, ResourceLogs, ScopeLogs},
    metrics::v1::{
        Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, metric,
        number_data_point::Value,
    },
    resource::v1::Resource,
};
use prost::Message;
use std::io::Write;

pub(crate) fn attribute(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, any_value::Value::StringValue(value.to_owned()))
}

pub(crate) fn resource(service: &str, instance: &str) -> Option<Resource> {
    Some(Resource {
        attributes: vec![
            text("service.name", service),
            text("service.instance.id", instance),
        ],
        ..Resource::default()
    })
}

/// A point of `slo.events`.
pub(crate) fn point(
    endpoint: &str,
    outcome: &str,
    count: i64,
    start: u64,
    time: u64,
) -> NumberDataPoint {
    NumberDataPoint {
        attributes: vec![
            text("slo.endpoint", endpoint),
            text("slo.journey", "checkout"),
            text("slo.outcome", outcome),
            text("slo.sli", "latency"),
            attribute("slo.threshold", any_value::Value::DoubleValue(0.25)),
        ],
        start_time_unix_nano: start,
        time_unix_nano: time,
        value: Some(Value::AsInt(count)),
        ..NumberDataPoint::default()
    }
}

pub(crate) fn events(points: Vec<NumberDataPoint>, temporality: i32) -> Metric {
    Metric {
        name: "slo.events".to_owned(),
        data: Some(metric::Data::Sum(Sum {
            data_points: points,
            aggregation_temporality: temporality,
            is_monotonic: true,
        })),
        ..Metric::default()
    }
}

pub(crate) fn export(instance: &str, metrics: Vec<Metric>) -> ExportMetricsServiceRequest {
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: resource("orders", instance),
            scope_metrics: vec![ScopeMetrics {
                metrics,
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}

pub(crate) const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json");

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn objective(ratio: f64) -> Metric {
    Metric {
        name: "slo.objective".to_owned(),
        data: Some(metric::Data::Gauge(Gauge {
            data_points: vec![NumberDataPoint {
                attributes: vec![
                    text("slo.journey", "checkout"),
                    text("slo.owner", "team-orders"),
                    text("slo.sli", "latency"),
                    text("slo.window", "7d"),
                ],
                value: Some(Value::AsDouble(ratio)),
                ..NumberDataPoint::default()
            }],
        })),
        ..Metric::default()
    }
}

#[test]
fn every_encoding_says_the_same() {
    let session = Session::start(&[], &[]);
    // What comes as metrics of somebody else is neither counted nor refused.
    let other = Metric {
        name: "http.server.request.duration".to_owned(),
        ..events(vec![point("place", "bad", 1_000, 1, 2)], 2)
    };
    let export = |instance| {
        let points = vec![
            point("place", "good", 5, 1, 2),
            point("place", "bad", 2, 1, 2),
        ];
        export(
            instance,
            vec![other.clone(), events(points, 2), objective(0.999)],
        )
    };
    let json = |instance| serde_json::to_vec(&export(instance)).unwrap();
    let protobuf = |instance| export(instance).encode_to_vec();
    let packed = ("content-encoding", "gzip");
    for (headers, body) in [
        (vec![PROTOBUF], protobuf("a")),
        (vec![PROTOBUF, packed], gzip(&protobuf("b"))),
        (vec![JSON], json("c")),
        (vec![JSON, packed], gzip(&json("d"))),
    ] {
        let answer = session.export("/v1/metrics", &headers, &body);
        assert_eq!(answer.status, 200, "{headers:?} {}", answer.text());
        assert!(["", "{}"].contains(&&*answer.text()), "{}", answer.text());
    }
    let view = session.view();
    assert_eq!(counted(&view, "place", "latency"), Some([20, 8, 0]));
    let journey = &view["services"][0]["journeys"][0];
    assert_eq!(journey["slos"][0]["id"], "orders/checkout.latency");
    assert_eq!(journey["slos"][0]["target"], "99.9");
    assert_eq!(journey["slos"][0]["window"], "7d");
    assert_eq!(journey["steps"][0]["slis"][0]["threshold"], 0.25);
    assert_eq!(
        view["services"][0]["processes"].as_array().unwrap().len(),
        4
    );
    assert_eq!(view["refused"].as_array().unwrap().len(), 0);
}

#[test]
fn restarts_late_exports_and_differences_lose_and_double_nothing() {
    let session = Session::start(&[], &[]);
    let send = |instance: &str, count, start, time, temporality| {
        let points = vec![point("place", "good", count, start, time)];
        let body = export(instance, vec![events(points, temporality)]).encode_to_vec();
        assert_eq!(
            session.export("/v1/metrics", &[PROTOBUF], &body).status,
            200
        );
    };
    send("one", 0, 1, 1, 2);
    send("one", 10, 1, 3, 2);
    // Again, then what was overtaken, then a new process under the same name.
    send("one", 10, 1, 3, 2);
    send("one", 6, 1, 2, 2);
    send("one", 15, 4, 5, 2);
    send("two", 3, 1, 1, 1);
    send("two", 4, 1, 2, 1);
    let view = session.view();
    assert_eq!(
        counted(&view, "place", "latency"),
        Some([10 + 15 + 7, 0, 0])
    );
    assert_eq!(view["services"][0]["processes"][0]["restarts"], 1);
    let remarks = view["remarks"].as_array().unwrap();
    let differences = serde_json::json!({"kind": "differences", "service": "orders"});
    assert!(remarks.contains(&differences), "{remarks:?}");
}

#[test]
fn a_part_that_is_not_counted_is_told_with_its_reason() {
    let session = Session::start(&[], &[]);
    let mut nameless = point("place", "good", 1, 1, 1);
    nameless.attributes.remove(0);
    let negative = point("place", "bad", -1, 1, 1);
    let strange = point("place", "so-so", 1, 1, 1);
    let points = vec![point("place", "good", 1, 1, 1), nameless, negative, strange];
    let body = export("a", vec![events(points, 2)]);
    let answer = session.export("/v1/metrics", &[PROTOBUF], &body.encode_to_vec());
    let told = ExportMetricsServiceResponse::decode(&answer.body[..]).unwrap();
    let told = told.partial_success.unwrap();
    assert_eq!(told.rejected_data_points, 3);
    assert!(
        told.error_message.contains("A value is not a count."),
        "{}",
        told.error_message
    );
    let json = serde_json::to_vec(&body).unwrap();
    let answer = session.export("/v1/metrics", &[JSON], &json);
    let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(told["partialSuccess"]["rejectedDataPoints"], "3");
    assert_eq!(
        counted(&session.view(), "place", "latency"),
        Some([1, 0, 0])
    );
}

#[test]
fn what_is_sent_to_the_wrong_place_is_shown_with_what_mends_it() {
    let session = Session::start(&[], &[]);
    let address = &session.address;
    for (path, kind, status, mend) in [
        (
            "/v1/metrics/v1/metrics",
            PROTOBUF.1,
            404,
            format!("OTEL_EXPORTER_OTLP_ENDPOINT=http://{address}"),
        ),
        (
            "/",
            PROTOBUF.1,
            404,
            format!("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://{address}/v1/metrics"),
        ),
        (
            "/v1/metrics",
            "text/plain",
            415,
            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf".to_owned(),
        ),
    ] {
        let answer = session.export(path, &[("content-type", kind)], b"");
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(&mend), "{}", answer.text());
        let refused = session.view()["refused"][0].clone();
        assert_eq!(refused["what"], format!("POST {path}"));
        assert_eq!(refused["mend"], mend, "{refused}");
    }
    let traces = session.export("/v1/traces", &[PROTOBUF], b"");
    assert_eq!(traces.status, 200);
    assert!(
        session.view()["remarks"]
            .to_string()
            .contains("traces-dropped")
    );
}

/// A gauge or a counter with one point.
fn one(name: &str, attributes: Vec<KeyValue>, count: i64) -> Metric {
    Metric {
        name: name.to_owned(),
        data: Some(metric::Data::Sum(Sum {
            data_points: vec![NumberDataPoint {
                attributes,
                start_time_unix_nano: 1,
                time_unix_nano: 2,
                value: Some(Value::AsInt(count)),
                ..NumberDataPoint::default()
            }],
            aggregation_temporality: 2,
            is_monotonic: true,
        })),
        ..Metric::default()
    }
}

#[test]
fn consumers_are_told_apart_by_journey_and_folded() {
    let session = Session::start(&[], &[]);
    let consumed = |endpoint: &str, consumer: &str, outcome: &str, count| {
        let attributes = vec![
            text("slo.consumer", consumer),
            text("slo.endpoint", endpoint),
            text("slo.journey", "checkout"),
            text("slo.outcome", outcome),
            text("slo.sli", "availability"),
        ];
        one("slo.consumer.events", attributes, count)
    };
    let mut metrics = vec![
        events(vec![point("place", "good", 1, 1, 2)], 2),
        consumed("place", "billing", "good", 40),
        consumed("pay", "billing", "good", 2),
        consumed("pay", "billing", "bad", 3),
        consumed("pay", "idle", "good", 0),
        consumed("pay", "other", "excluded", 1),
    ];
    for n in 0..60 {
        metrics.push(consumed("pay", &format!("team-{n}"), "good", n + 1));
    }
    let body = export("a", metrics).encode_to_vec();
    session.export("/v1/metrics", &[PROTOBUF], &body);
    let view = session.view();
    let journey = &view["services"][0]["journeys"][0];
    let consumers = journey["consumers"].as_array().unwrap();
    assert_eq!(
        consumers[0],
        serde_json::json!({"name": "billing", "sli": "availability", "good": 42, "bad": 3})
    );
    assert_eq!(consumers[1]["name"], "team-59");
    assert_eq!(consumers.len(), 50);
    assert_eq!(journey["more-consumers"], 61 - 50);
    assert_eq!(view["refused"][0]["why"]["kind"], "attributes");
}

#[test]
fn events_that_were_held_back_are_counted() {
    let session = Session::start(&[], &[]);
    let record = |name: &str, endpoint: &str, count| LogRecord {
        event_name: name.to_owned(),
        attributes: vec![
            text("slo.endpoint", endpoint),
            text("slo.journey", "checkout"),
            text("slo.result", "server_error"),
            attribute("slo.suppressed", any_value::Value::IntValue(count)),
        ],
        ..LogRecord::default()
    };
    let records = vec![
        record("slo.event", "pay", 37),
        record("slo.event", "pay", 0),
        record("slo.suppressed", "pay", 5),
        record("slo.suppressed", "place", 99),
        record("slo.suppressed", "place", -1),
    ];
    let logs = ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: resource("orders", "a"),
            scope_logs: vec![ScopeLogs {
                log_records: records,
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }],
    };
    session.export("/v1/logs", &[PROTOBUF], &logs.encode_to_vec());
    let view = session.view();
    let held_back = view["suppressed"].as_array().unwrap();
    let counts: Vec<_> = held_back
        .iter()
        .map(|of| (of["endpoint"].as_str(), of["events"].as_u64()))
        .collect();
    assert_eq!(counts, [(Some("place"), Some(99)), (Some("pay"), Some(42))]);
    let events = view["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_ne!(events[0]["number"], events[1]["number"]);
}

/// Records as `semconv/` has them.
#[test]
fn the_last_events_are_kept() {
    let session = Session::start(&[], &[]);
    let list = |key, sli: &str| {
        let values = vec![AnyValue {
            value: Some(any_value::Value::StringValue(sli.to_owned())),
        }];
        attribute(key, any_value::Value::ArrayValue(ArrayValue { values }))
    };
    let record = |n: u64| LogRecord {
        time_unix_nano: n * 1_000_000,
        event_name: "slo.event".to_owned(),
        attributes: vec![
            text("slo.endpoint", "place"),
            text("slo.journey", "checkout"),
            text("slo.result", "server_error"),
            list("slo.slis.bad", "availability"),
            text("http.request.method", "POST"),
            text("http.route", "/orders/{id}"),
            attribute("http.response.status_code", any_value::Value::IntValue(503)),
        ],
        trace_id: n.to_be_bytes().repeat(2),
        span_id: n.to_be_bytes().to_vec(),
        ..LogRecord::default()
    };
    let other = LogRecord {
        event_name: "something.else".to_owned(),
        ..record(999)
    };
    let logs = |records| ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: resource("orders", "a"),
            scope_logs: vec![ScopeLogs {
                log_records: records,
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }],
    };
    let many = logs((0..250).map(record).chain([other]).collect());
    let answer = session.export("/v1/logs", &[PROTOBUF], &many.encode_to_vec());
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    let json = serde_json::to_vec(&logs(vec![record(300)])).unwrap();
    assert_eq!(session.export("/v1/logs", &[JSON], &json).text(), "{}");
    let view = session.view();
    let events = view["events"].as_array().unwrap();
    assert_eq!(events.len(), 200);
    assert_eq!(events[0]["at"], 300);
    assert_eq!(events[0]["trace"], "000000000000012c000000000000012c");
    assert_eq!(events[1]["at"], 249);
    assert_eq!(events[1]["status"], "503");
    assert_eq!(events[1]["route"], "POST /orders/{id}");
    assert_eq!(
        events[1]["judged"],
        serde_json::json!([["availability", "bad"]])
    );
}
