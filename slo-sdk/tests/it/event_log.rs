//! Bad and marked events as log records, as a collector gets them.

use crate::{
    child::stderr_of,
    collector::{Collector, eventually},
    collectors::alone,
};
use opentelemetry::{
    Context, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, TraceContextExt, TraceState},
};
use opentelemetry_proto::tonic::{
    common::v1::{AnyValue, any_value::Value},
    logs::v1::LogRecord,
};
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use slo_sdk::{
    Consumer, Ending, Endpoint, Journey, Objectives, endpoint,
    layer::{Answered, Deadline, Own, Track},
    millis,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

const LOGGED: Journey = Journey::new("logged").objectives(
    Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(60_000)),
);

static ROUTED: &Endpoint = endpoint!(
    name = "logged-route",
    journey = LOGGED,
    route = "POST /logged/{id}"
);
static METHOD: &Endpoint = endpoint!(
    name = "logged-method",
    journey = LOGGED,
    route = "/logged.Logged/Log"
);
static STORM: &Endpoint = endpoint!(name = "logged-storm", journey = LOGGED);
static SAMPLED: &Endpoint = endpoint!(name = "logged-sample", journey = LOGGED);
static TRACED: &Endpoint = endpoint!(name = "logged-trace", journey = LOGGED);

fn exporting_to(collector: &Collector) -> slo_sdk::Builder {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(10))
}

fn event(endpoint: &'static Endpoint, answered: Answered) {
    Track::start_for(endpoint, Own, Deadline::NONE).end_with(answered);
}

pub(crate) fn failed(status: u16) -> Answered {
    Answered::new(Ending::ServerError, Some(status))
}

fn text(value: &AnyValue) -> String {
    match value.value.as_ref() {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::ArrayValue(list)) => list.values.iter().map(text).collect::<Vec<_>>().join(","),
        other => panic!("{other:?}"),
    }
}

/// The records of an endpoint, each with its attributes.
pub(crate) fn records(
    collector: &Collector,
    endpoint: &str,
) -> Vec<(LogRecord, BTreeMap<String, String>)> {
    let exports = collector.logs().into_iter();
    let scopes = exports
        .flat_map(|export| export.resource_logs)
        .flat_map(|resource| resource.scope_logs);
    let records = scopes.flat_map(|scope| {
        assert_eq!(scope.scope.unwrap().name, "slo-sdk");
        scope.log_records
    });
    let with_attributes = records.map(|record| {
        let attributes = record.attributes.iter();
        let pairs = attributes.map(|pair| (pair.key.clone(), text(pair.value.as_ref().unwrap())));
        let pairs = pairs.collect();
        (record, pairs)
    });
    with_attributes
        .filter(|(_, attributes): &(_, BTreeMap<_, _>)| attributes["slo.endpoint"] == endpoint)
        .collect()
}

#[test]
fn a_record_says_what_the_registry_says() {
    let _alone = alone();
    let collector = Collector::start();
    let guard = exporting_to(&collector).try_init().unwrap();

    event(ROUTED, Answered::new(Ending::Completed, Some(200)));
    event(ROUTED, Answered::new(Ending::ClientError, Some(404)));
    event(ROUTED, failed(503));
    event(METHOD, Answered::new(Ending::ServerError, Some(14)));
    let mut marked = Track::start_for(ROUTED, Own, Deadline::NONE)
        .with_consumer(Some(Consumer::register("logged-unit")));
    marked.enter(|| slo_sdk::current().bad("stale"));
    marked.end_with(Answered::new(Ending::Completed, Some(200)));
    let mut excluded = Track::start_for(ROUTED, Own, Deadline::NONE);
    excluded.enter(|| slo_sdk::current().exclude());
    excluded.end(Ending::Completed);
    drop(Track::start_for(ROUTED, Own, Deadline::NONE));
    for _ in 0..60 {
        event(METHOD, Answered::new(Ending::ServerError, Some(2)));
    }
    guard.flush().unwrap();
    drop(guard);

    let seen = records(&collector, "logged-route");
    let say = |attributes: &BTreeMap<String, String>, key: &str| {
        attributes.get(key).cloned().unwrap_or_default()
    };
    let short: Vec<_> = seen
        .iter()
        .map(|(record, attributes)| {
            (
                record.severity_text.as_str(),
                ["slo.result", "slo.outcome", "slo.slis.bad", "slo.reason"]
                    .map(|key| say(attributes, key)),
            )
        })
        .collect();
    let row = |severity, row: [&str; 4]| (severity, row.map(str::to_owned));
    // A client that leaves in time is neither bad nor marked.
    assert_eq!(
        short,
        [
            row("WARN", ["server_error", "bad", "availability", ""]),
            row(
                "WARN",
                ["marked_bad", "bad", "availability,latency", "stale"]
            ),
            row("INFO", ["marked_excluded", "excluded", "", ""]),
        ]
    );
    let (first, attributes) = &seen[0];
    assert_eq!(first.event_name, "slo.event");
    assert_eq!((first.severity_number, &first.body), (13, &None));
    assert!(first.time_unix_nano > 0 && first.trace_id.is_empty());
    assert_eq!(say(attributes, "slo.threshold"), "60");
    assert_eq!(say(attributes, "http.response.status_code"), "503");
    assert_eq!(say(attributes, "http.request.method"), "POST");
    assert_eq!(say(attributes, "http.route"), "/logged/{id}");
    let of_method = records(&collector, "logged-method");
    assert_eq!(say(&of_method[0].1, "rpc.method"), "logged.Logged/Log");
    assert_eq!(
        say(&of_method[0].1, "rpc.response.status_code"),
        "UNAVAILABLE"
    );

    let all = seen.iter().chain(&of_method);
    let mut written = BTreeMap::<String, BTreeSet<String>>::new();
    for (record, attributes) in all {
        let keys = written.entry(record.event_name.clone()).or_default();
        keys.extend(attributes.keys().cloned());
    }
    let good = records(&collector, "logged-route");
    assert_eq!(good.len(), 3);
    // What only other tests make happen.
    let keys = written.get_mut("slo.event").unwrap();
    keys.extend(["slo.slis.good", "slo.suppressed"].map(str::to_owned));
    assert_eq!(written, registry());
}

/// The attributes of each event of the registry.
fn registry() -> BTreeMap<String, BTreeSet<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../semconv/registry/slo.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let groups = text.split("\n  - id: ");
    let events = groups.filter(|group| group.contains("\n    type: event\n"));
    events
        .map(|group| {
            let after = |line: &'static str| {
                let lines = group
                    .lines()
                    .map(|line| line.trim().trim_start_matches("- "));
                lines.filter_map(move |found| found.strip_prefix(line).map(str::to_owned))
            };
            let name = after("name: ").next().unwrap();
            (name, after("ref: ").collect())
        })
        .collect()
}

#[test]
fn of_a_storm_every_event_has_a_record_or_is_counted_as_suppressed() {
    const EVENTS: u64 = 1_000_000;
    const THREADS: u64 = 4;
    let _alone = alone();
    let collector = Collector::start();
    let guard = exporting_to(&collector).try_init().unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..EVENTS / THREADS).for_each(|_| event(STORM, failed(500))));
        }
    });
    drop(guard);
    let seen = records(&collector, "logged-storm");
    let events = seen
        .iter()
        .filter(|(record, _)| record.event_name == "slo.event");
    let suppressed = seen
        .iter()
        .filter_map(|(_, attributes)| attributes.get("slo.suppressed"));
    let suppressed: u64 = suppressed
        .map(|events| events.parse::<u64>().unwrap())
        .sum();
    let events = events.count() as u64;
    assert_eq!(events + suppressed, EVENTS);
    assert!((50..1_000).contains(&events), "{events}");
    let last = &seen.last().unwrap().0;
    assert_eq!(last.event_name, "slo.suppressed");
}

#[test]
fn good_ones_have_a_record_by_a_share() {
    let _alone = alone();
    let collector = Collector::start();
    let guard = exporting_to(&collector)
        .good_event_share(1.0)
        .try_init()
        .unwrap();
    for _ in 0..100 {
        event(SAMPLED, Answered::new(Ending::Completed, Some(200)));
    }
    event(SAMPLED, failed(500));
    drop(guard);
    let seen = records(&collector, "logged-sample");
    let good = seen
        .iter()
        .filter(|(_, attributes)| attributes["slo.outcome"] == "good");
    // Half the limit is left, and nobody waits for what was not told of the good ones.
    assert!((25..40).contains(&good.clone().count()));
    assert!(good.clone().all(|(record, attributes)| {
        record.severity_text == "INFO" && attributes["slo.slis.good"] == "availability,latency"
    }));
    assert_eq!(seen.len(), good.count() + 1);
}

fn entered(trace: u128) -> Context {
    Context::new().with_remote_span_context(SpanContext::new(
        TraceId::from(trace),
        SpanId::from(7),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    ))
}

#[test]
fn a_trace_is_told_only_where_the_work_ends_the_event() {
    let _alone = alone();
    let exporter = InMemoryLogExporter::default();
    let provider = SdkLoggerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let collector = Collector::start();
    let guard = exporting_to(&collector)
        .logger_provider(&provider)
        .try_init()
        .unwrap();
    {
        let _own = entered(1).attach();
        event(TRACED, failed(500));
        let mut head = Track::start_for(TRACED, Own, Deadline::NONE);
        let mut body = head.begin_body(failed(502), Deadline::NONE);
        drop(_own);
        // Whoever writes the body has entered something else.
        let _other = entered(2).attach();
        body.end_with(failed(502));
        let panics = Track::start_for(TRACED, Own, Deadline::NONE);
        panics.set_panicked();
        drop(panics);
        let mut kept = Track::start_for(TRACED, Own, Deadline::NONE);
        kept.keep_traceparent("00-00000000000000000000000000000003-0000000000000009-01");
        kept.set_panicked();
        drop(kept);
    }
    drop(guard);
    let records = exporter.get_emitted_logs().unwrap();
    // Tests that are not alone have bad events, too.
    let mine = opentelemetry::logs::AnyValue::from("logged-trace");
    let traces: Vec<_> = records
        .iter()
        .filter(|log| {
            log.record
                .attributes_iter()
                .any(|(_, value)| *value == mine)
        })
        .map(|log| {
            let context = log.record.trace_context();
            context.map(|context| {
                (
                    context.trace_id.to_bytes()[15],
                    context.span_id.to_bytes()[7],
                )
            })
        })
        .collect();
    assert_eq!(traces, [Some((1, 7)), Some((1, 7)), None, Some((3, 0))]);
    assert!(collector.logs().is_empty(), "ours is off");
    provider.shutdown().unwrap();
}

const NO_LOGS: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn a_collector_without_logs_is_said_once() {
    let name = "event_log::a_collector_without_logs_is_said_once";
    let Some(stderr) = stderr_of(name, &[("OTEL_BLRP_SCHEDULE_DELAY", "20")]) else {
        let collector = Collector::start();
        collector.answer_logs(NO_LOGS);
        let guard = exporting_to(&collector).try_init().unwrap();
        for refused in 1..=4 {
            event(ROUTED, failed(500));
            eventually("log records are refused", || {
                collector.refused_logs() >= refused
            });
        }
        guard.flush().unwrap();
        drop(guard);
        assert!(!collector.received().is_empty());
        return;
    };
    let said: Vec<_> = stderr
        .lines()
        .filter(|line| line.contains("warning"))
        .collect();
    assert_eq!(said.len(), 1, "{stderr}");
    assert!(said[0].contains("404 Not Found") && said[0].contains("OTEL_LOGS_EXPORTER=none"));
}

#[test]
fn none_is_none() {
    let name = "event_log::none_is_none";
    let ended = stderr_of(name, &[("OTEL_LOGS_EXPORTER", "none")]);
    if ended.is_none() {
        let collector = Collector::start();
        let guard = exporting_to(&collector).try_init().unwrap();
        event(ROUTED, failed(500));
        drop(guard);
        assert!(collector.logs().is_empty() && !collector.received().is_empty());
    }
}
