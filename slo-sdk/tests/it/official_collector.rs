//! Log records through OpenTelemetry's own Collector, which reads them as it reads everybody's.
//!
//! `cargo xtask interop events` builds it from `tests/judges/collector` and runs this.

use crate::{
    collector::{Collector, eventually},
    collectors::alone,
    event_log::{failed, records},
};
use slo_sdk::{
    Endpoint, Journey, Objectives, endpoint,
    layer::{Deadline, Own, Track},
};
use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::Duration,
};

const PASSED_ON: Journey =
    Journey::new("passed-on").objectives(Objectives::new().availability(99.0));

static BY_HEADER: &Endpoint = endpoint!(name = "passed-on-header", journey = PASSED_ON);
static BY_NOTHING: &Endpoint = endpoint!(name = "passed-on-bare", journey = PASSED_ON);

/// Ended with the test, whatever comes of that.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program that `SLO_COLLECTOR` names, which passes on to ours; and its address.
fn official(ours: &Collector) -> (Running, String) {
    let program = env::var("SLO_COLLECTOR").expect("SLO_COLLECTOR names the program");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let folder = env::temp_dir().join(format!("slo-collector-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let pipeline = "{receivers: [otlp], exporters: [otlphttp]}";
    let configuration = format!(
        "receivers: {{otlp: {{protocols: {{http: {{endpoint: \"{address}\"}}}}}}}}\n\
         exporters: {{otlphttp: {{endpoint: \"{}\", compression: none}}}}\n\
         service:\n  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}\n  \
           pipelines: {{metrics: {pipeline}, logs: {pipeline}}}\n",
        ours.url()
    );
    fs::write(folder.join("collector.yaml"), configuration).unwrap();
    let started = Command::new(program)
        .arg("--config=file:collector.yaml")
        .current_dir(&folder)
        .spawn();
    let running = Running(started.unwrap());
    eventually("it listens", || TcpStream::connect(address).is_ok());
    (running, format!("http://{address}"))
}

/// The last byte of each record's trace.
fn traces(ours: &Collector, endpoint: &str) -> Vec<Option<u8>> {
    let records = records(ours, endpoint).into_iter();
    let traces = records.map(|(record, _)| record.trace_id.last().copied());
    let mut traces: Vec<_> = traces.collect();
    traces.sort_unstable();
    traces
}

#[test]
#[ignore = "needs SLO_COLLECTOR; `cargo xtask interop events` has it"]
fn below_the_limit_each_arrives_with_its_trace() {
    const EVENTS: u8 = 50;
    let _alone = alone();
    let ours = Collector::start();
    let (_running, url) = official(&ours);
    let guard = slo_sdk::builder()
        .endpoint(url)
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(30))
        .try_init()
        .unwrap();
    for number in 1..=EVENTS {
        let mut track = Track::start_for(BY_HEADER, Own, Deadline::NONE);
        track.keep_traceparent(&format!("00-{number:032x}-00000000000000aa-01"));
        track.end_with(failed(500));
        Track::start_for(BY_NOTHING, Own, Deadline::NONE).end_with(failed(500));
    }
    #[cfg(feature = "tracing-opentelemetry")]
    let spans = spanned::failed_within_spans(EVENTS);
    guard.flush().unwrap();
    drop(guard);
    eventually("all arrive", || {
        traces(&ours, "passed-on-bare").len() == usize::from(EVENTS)
    });
    let each: Vec<_> = (1..=EVENTS).map(Some).collect();
    assert_eq!(traces(&ours, "passed-on-header"), each);
    assert_eq!(traces(&ours, "passed-on-bare"), vec![None; EVENTS.into()]);
    #[cfg(feature = "tracing-opentelemetry")]
    {
        let records = records(&ours, "in-a-span").into_iter();
        let mut seen: Vec<_> = records
            .map(|(record, _)| (record.trace_id, record.span_id))
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, spans);
    }
}

#[cfg(feature = "tracing-opentelemetry")]
mod spanned {
    use super::*;
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
    use slo_sdk::{Ending, slo};
    use tracing::info_span;
    use tracing_subscriber::prelude::*;

    #[slo(journey = PASSED_ON)]
    fn in_a_span() {}

    /// Bad events, each of a handler in a span that was left before the event ends; trace and span
    /// of each as the tracer exports them.
    pub(super) fn failed_within_spans(events: u8) -> Vec<(Vec<u8>, Vec<u8>)> {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let _subscriber = tracing_subscriber::registry().with(layer).set_default();
        for _ in 0..events {
            let mut track = Track::start(Own, Deadline::NONE);
            track.enter(|| info_span!("handler").in_scope(in_a_span));
            let _another = info_span!("another request").entered();
            track.end(Ending::BodyError);
        }
        let spans = exporter.get_finished_spans().unwrap().into_iter();
        let handlers = spans.filter(|span| span.name == "handler");
        let mut ids: Vec<_> = handlers
            .map(|span| {
                let context = &span.span_context;
                let (trace, span) = (context.trace_id(), context.span_id());
                (trace.to_bytes().to_vec(), span.to_bytes().to_vec())
            })
            .collect();
        ids.sort_unstable();
        assert_eq!(ids.len(), usize::from(events));
        ids
    }
}
