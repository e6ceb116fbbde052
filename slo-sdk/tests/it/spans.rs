//! A bad event leads to its trace.

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use slo_sdk::{
    Ending, Journey, Objectives,
    layer::{Deadline, Own, Track},
    slo,
};
use tracing::{Instrument, info_span};
use tracing_subscriber::prelude::*;

const TRACED: Journey = Journey::new("traced").objectives(Objectives::new().availability(99.0));

#[slo(journey = TRACED)]
async fn traced(good: bool) -> Result<(), ()> {
    if good { Ok(()) } else { Err(()) }
}

#[slo(journey = TRACED)]
async fn marks() {
    slo_sdk::current().bad("stale");
}

#[tokio::test]
async fn the_span_of_a_bad_event_says_so() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _subscriber = tracing_subscriber::registry().with(layer).set_default();

    traced(true).instrument(info_span!("fine")).await.unwrap();
    traced(false)
        .instrument(info_span!("failed"))
        .await
        .unwrap_err();
    // As a layer does it: the event ends after the handler's span was left.
    let mut track = Track::start(Own, Deadline::NONE);
    {
        let mut handler = std::pin::pin!(marks().instrument(info_span!("marked")));
        std::future::poll_fn(|cx| track.enter(|| handler.as_mut().poll(cx))).await;
    }
    track.end(Ending::Completed);

    let spans = exporter.get_finished_spans().unwrap();
    let attributes = |name: &str| -> Vec<(String, String)> {
        let span = spans
            .iter()
            .find(|span| span.name == name)
            .unwrap_or_else(|| panic!("{name} has not ended"));
        let slo = span
            .attributes
            .iter()
            .filter(|pair| pair.key.as_str().starts_with("slo."));
        slo.map(|pair| (pair.key.to_string(), pair.value.to_string()))
            .collect()
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(attributes("fine"), []);
    assert_eq!(
        attributes("failed"),
        [
            pair("slo.endpoint", "traced"),
            pair("slo.journey", "traced"),
            pair("slo.result", "server_error"),
        ]
    );
    assert!(attributes("marked").contains(&pair("slo.reason", "stale")));
}
