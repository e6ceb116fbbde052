//! What the SDK says: each thing once, to `tracing` or to standard error.

use crate::{child::stderr_of, collector::Collector};
use slo_sdk::{Journey, Objectives, slo};
use std::{fmt::Write as _, sync::Mutex, thread, time::Duration};
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

const LINES: Journey = Journey::new("lines").objectives(Objectives::new().availability(99.0));

#[slo(journey = LINES, per = call)]
fn spoken_of() {}

#[slo(journey = LINES, route = "GET /never-layered")]
async fn never_layered() {}

/// Everything that anybody says with `tracing`.
struct Everything;

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl<S: Subscriber> Layer<S> for Everything {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                write!(self.0, " {field}={value:?}").unwrap();
            }
        }
        if *event.metadata().level() <= Level::INFO {
            let mut text = Text(format!(
                "{} {}",
                event.metadata().level(),
                event.metadata().target()
            ));
            event.record(&mut text);
            SAID.lock().unwrap().push(text.0);
        }
    }
}

fn nobody() -> Collector {
    let collector = Collector::start();
    collector.refuse();
    collector
}

/// Against a dead port ours are the only lines: OpenTelemetry would add two for each export.
#[test]
fn a_failing_export_is_one_line() {
    let Some(stderr) = stderr_of("lines::a_failing_export_is_one_line", &[]) else {
        tracing_subscriber::registry().with(Everything).init();
        let collector = nobody();
        let guard = slo_sdk::builder()
            .endpoint(collector.url())
            .export_interval(Duration::from_millis(20))
            .export_timeout(Duration::from_millis(50))
            .shutdown_timeout(Duration::from_secs(5))
            .init();
        guard.flush().unwrap_err();
        thread::sleep(Duration::from_millis(800));
        let said = SAID.lock().unwrap().clone();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].starts_with("INFO slo_sdk") && said[0].contains("are exported: service"));
        assert!(
            said[1].starts_with("WARN slo_sdk") && said[1].contains("refused"),
            "{said:?}"
        );
        drop(guard);
        let said = SAID.lock().unwrap().clone();
        let ours = |line: &String| line.contains(" slo_sdk");
        assert!(said.iter().all(ours) && said.len() == 3, "{said:#?}");
        return;
    };
    assert!(!stderr.contains("slo:"), "a subscriber heard it: {stderr}");
}

fn ours(stderr: &str) -> Vec<&str> {
    stderr
        .lines()
        .filter(|line| line.starts_with("slo:"))
        .collect()
}

#[test]
fn without_a_subscriber_standard_error_hears_it() {
    const SECRETS: [(&str, &str); 4] = [
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://user:hunter2@127.0.0.1:9",
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "authorization=Bearer%20hunter2",
        ),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
    ];
    const TEST: &str = "lines::without_a_subscriber_standard_error_hears_it";
    let Some(stderr) = stderr_of(TEST, &SECRETS) else {
        let guard = slo_sdk::builder()
            .service_name("spoken")
            .stderr(std::env::var_os("SILENT").is_none())
            .init();
        for _ in 0..3 {
            guard.flush().unwrap_err();
        }
        return;
    };
    let lines = ours(&stderr);
    assert!(!stderr.contains("hunter2"), "{stderr}");
    let names = "service `spoken` (`orders of the tests` in the program and in what cargo slo wrote), \
                 instance ";
    assert!(lines[0].contains(names), "{stderr}");
    assert!(lines[0].contains(" to http://127.0.0.1:9/v1/metrics over http/protobuf, every 60s"));
    for (name, about) in [
        (3, "user or password"),
        (0, "INTERVAL is `0`"),
        (2, "`zstd`, which is not"),
    ] {
        let said = lines.iter().filter(|line| line.contains(about)).count();
        assert_eq!(said, 1, "{}: {stderr}", SECRETS[name].0);
    }
    assert!(
        lines[4].contains("SLO metrics can't be exported"),
        "{stderr}"
    );
    // Three flushes failed, and the end.
    assert_eq!(lines.len(), 6, "{stderr}");
    for silence in [("SLO_STDERR", "off"), ("SILENT", "1")] {
        let silent = [&SECRETS[..], &[silence]].concat();
        let stderr = stderr_of(TEST, &silent).unwrap();
        assert!(ours(&stderr).is_empty(), "{silence:?}: {stderr}");
    }
}

#[test]
fn a_guard_that_is_dropped_at_once_is_told() {
    let Some(stderr) = stderr_of("lines::a_guard_that_is_dropped_at_once_is_told", &[]) else {
        let collector = Collector::start();
        let _ = slo_sdk::builder().endpoint(collector.url()).init();
        spoken_of();
        thread::sleep(Duration::from_millis(2500));
        spoken_of();
        thread::sleep(Duration::from_millis(500));
        return;
    };
    let lines = ours(&stderr);
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(
        lines[1].contains("was dropped before 1 event that nothing exports"),
        "{stderr}"
    );
    assert!(lines[1].contains("let _slo = slo_sdk::init();"), "{stderr}");
}

#[test]
fn a_program_that_never_starts_is_told() {
    let Some(stderr) = stderr_of("lines::a_program_that_never_starts_is_told", &[]) else {
        (0..5).for_each(|_| spoken_of());
        thread::sleep(Duration::from_secs(32));
        return;
    };
    let lines = ours(&stderr);
    assert_eq!(lines.len(), 1, "{stderr}");
    assert!(
        lines[0]
            .contains("slo_sdk::init() was not called, and nothing exports the counts of 5 events")
    );
}

#[test]
fn a_program_without_a_layer_is_told() {
    let Some(stderr) = stderr_of("lines::a_program_without_a_layer_is_told", &[]) else {
        let collector = Collector::start();
        let _slo = slo_sdk::builder().endpoint(collector.url()).init();
        drop(never_layered());
        thread::sleep(Duration::from_secs(11));
        return;
    };
    let lines = ours(&stderr);
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(lines[1].contains("there is no SloLayer for "), "{stderr}");
}

#[test]
fn an_application_with_a_provider_is_told_what_to_set() {
    const TEST: &str = "lines::an_application_with_a_provider_is_told_what_to_set";
    let Some(stderr) = stderr_of(TEST, &[]) else {
        let provider = opentelemetry_sdk::metrics::SdkMeterProvider::default();
        drop(slo_sdk::builder().meter_provider(&provider).init());
        return;
    };
    let lines = ours(&stderr);
    assert_eq!(lines.len(), 1, "{stderr}");
    assert!(lines[0].contains("`service.instance.id`"), "{stderr}");
}
