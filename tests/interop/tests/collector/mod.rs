//! An OTLP collector that reads the newest export as a [`Book`].

use interop::Book;
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    metrics::v1::{Metric, NumberDataPoint, metric::Data, number_data_point},
};
use prost::Message;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

pub(crate) struct Collector(MockServer);

impl Collector {
    pub(crate) async fn start() -> Collector {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v1/metrics"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&server)
            .await;
        Collector(server)
    }

    pub(crate) fn url(&self) -> String {
        self.0.uri()
    }

    /// The counts of the newest export.
    pub(crate) async fn latest(&self) -> Book {
        let requests = self.0.received_requests().await;
        let requests = requests.expect("requests are recorded");
        // Log records are sent as well.
        let is_metrics = |path: &str| path == "/v1/metrics";
        let mut exports = requests
            .iter()
            .filter(|request| is_metrics(request.url.path()));
        let body = exports
            .next_back()
            .expect("an export arrived")
            .body
            .as_slice();
        let export = ExportMetricsServiceRequest::decode(body).expect("OTLP protobuf");
        let metrics = export
            .resource_metrics
            .iter()
            .flat_map(|resource| &resource.scope_metrics)
            .flat_map(|scope| &scope.metrics);
        let mut book = Book::default();
        for metric in metrics {
            enter(metric, &mut book);
        }
        book
    }
}

fn enter(metric: &Metric, book: &mut Book) {
    // Gauges say what is promised, sums what happened.
    let Some(Data::Sum(sum)) = &metric.data else {
        return;
    };
    for point in &sum.data_points {
        let of = |key| attribute(&point.attributes, key);
        let events = events(point);
        match metric.name.as_str() {
            "slo.results" => book.result(of("slo.endpoint"), of("slo.result"), events),
            "slo.events" => book.sli(of("slo.endpoint"), of("slo.sli"), of("slo.outcome"), events),
            "slo.in_flight" => book.in_flight(of("slo.endpoint"), events),
            "slo.unannotated" => book.unannotated(of("http.route"), events),
            other => panic!("an instrument nobody knows: {other}"),
        }
    }
}

fn events(point: &NumberDataPoint) -> u64 {
    match point.value {
        Some(number_data_point::Value::AsInt(value)) => u64::try_from(value).expect("a count"),
        other => panic!("no count: {other:?}"),
    }
}

fn attribute<'a>(attributes: &'a [KeyValue], key: &str) -> &'a str {
    let pair = attributes.iter().find(|pair| pair.key == key);
    match pair.and_then(|pair| pair.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{key} is {other:?}"),
    }
}
