//! An OTLP collector that keeps what it was sent.

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    metrics::v1::{HistogramDataPoint, NumberDataPoint, metric::Data, number_data_point},
};
use prost::Message;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{header, method, path},
};

pub(crate) struct Collector(MockServer);

impl Collector {
    pub(crate) async fn start() -> Collector {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v1/metrics"))
            .and(header("content-type", "application/x-protobuf"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&server)
            .await;
        Collector(server)
    }

    pub(crate) fn url(&self) -> String {
        self.0.uri()
    }

    /// The first export, as soon as it is there.
    pub(crate) async fn first(&self) -> Export {
        let start = Instant::now();
        while self.exports().await.is_empty() {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "nothing was exported"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.latest().await
    }

    /// The exports of metrics, among those of log records, which it refuses.
    async fn exports(&self) -> Vec<Request> {
        let requests = self.0.received_requests().await;
        let mut requests = requests.expect("requests are recorded");
        requests.retain(|request| request.url.path() == "/v1/metrics");
        requests
    }

    /// The newest export received.
    pub(crate) async fn latest(&self) -> Export {
        let requests = self.exports().await;
        let body = &requests.last().expect("an export arrived").body;
        Export::from_request(
            &ExportMetricsServiceRequest::decode(body.as_slice()).expect("OTLP protobuf"),
        )
    }
}

/// One export, flattened.
pub(crate) struct Export {
    service_name: String,
    points: Vec<Point>,
}

#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) metric: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) value: f64,
}

impl Export {
    fn from_request(request: &ExportMetricsServiceRequest) -> Export {
        let [resource_metrics] = &request.resource_metrics[..] else {
            panic!("one resource")
        };
        let resource = resource_metrics.resource.as_ref().expect("a resource");
        let points = resource_metrics
            .scope_metrics
            .iter()
            .flat_map(|scope| &scope.metrics)
            .flat_map(|metric| {
                let numbers = |points: &[NumberDataPoint]| -> Vec<_> {
                    let of = |point| Point::new(&metric.name, point);
                    points.iter().map(of).collect()
                };
                match metric.data.as_ref().expect("data") {
                    Data::Sum(sum) => {
                        // Cumulative: nothing is lost with a lost export.
                        assert_eq!(sum.aggregation_temporality, 2, "{}", metric.name);
                        assert_eq!(sum.is_monotonic, metric.name != "slo.in_flight");
                        numbers(&sum.data_points)
                    }
                    Data::Gauge(gauge) => numbers(&gauge.data_points),
                    Data::Histogram(histogram) => {
                        assert_eq!(histogram.aggregation_temporality, 2, "{}", metric.name);
                        // How many there are is all that is compared.
                        let of = |point: &HistogramDataPoint| Point {
                            metric: metric.name.clone(),
                            attributes: attributes(&point.attributes),
                            value: point.count as f64,
                        };
                        histogram.data_points.iter().map(of).collect()
                    }
                    other => panic!("unexpected {other:?}"),
                }
            })
            .collect();
        let service_name = attributes(&resource.attributes).remove("service.name");
        Export {
            service_name: service_name.expect("a service name"),
            points,
        }
    }

    pub(crate) fn service_name(&self) -> &str {
        &self.service_name
    }

    /// The points of a metric that have these attributes among theirs.
    pub(crate) fn points<'a>(
        &'a self,
        metric: &'a str,
        having: &'a [(&'a str, &'a str)],
    ) -> impl Iterator<Item = Point> + 'a {
        self.points
            .iter()
            .filter(move |point| point.metric == metric)
            .filter(move |point| {
                having
                    .iter()
                    .all(|(key, value)| point.attributes.get(*key).is_some_and(|v| v == value))
            })
            .cloned()
    }

    /// Their sum; there is at least one.
    pub(crate) fn sum(&self, metric: &str, having: &[(&str, &str)]) -> f64 {
        let values: Vec<_> = self
            .points(metric, having)
            .map(|point| point.value)
            .collect();
        assert!(!values.is_empty(), "no {metric} with {having:?}");
        values.iter().sum()
    }

    /// Every series there is.
    pub(crate) fn series(&self) -> BTreeSet<(String, BTreeMap<String, String>)> {
        self.points
            .iter()
            .map(|point| (point.metric.clone(), point.attributes.clone()))
            .collect()
    }
}

impl Point {
    fn new(metric: &str, point: &NumberDataPoint) -> Point {
        let value = match point.value.expect("a value") {
            number_data_point::Value::AsInt(value) => value as f64,
            number_data_point::Value::AsDouble(value) => value,
        };
        Point {
            metric: metric.to_owned(),
            attributes: attributes(&point.attributes),
            value,
        }
    }
}

fn attributes(list: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|v| v.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => panic!("unexpected {other:?}"),
    };
    list.iter()
        .map(|pair| (pair.key.clone(), text(&pair.value)))
        .collect()
}
