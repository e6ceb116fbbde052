//! Services that are made up: thousands of series each second, and log records.

use opentelemetry_proto::tonic::{
    collector::{logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest},
    common::v1::{AnyValue, KeyValue, any_value::Value},
    logs::v1::{LogRecord, ResourceLogs, ScopeLogs},
    metrics::v1::{
        AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint,
        ResourceMetrics, ScopeMetrics, Sum, metric::Data, number_data_point,
    },
    resource::v1::Resource,
};
use prost::Message;
use std::time::{SystemTime, UNIX_EPOCH};

/// Endpoints of a journey.
pub(super) const STEPS: u64 = 10;
/// Bounds of the histogram, in seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
/// Events of an endpoint in a second.
pub(super) const EACH_SECOND: u64 = 3;
/// In so many seconds, one of them is bad.
pub(super) const BAD_EVERY: u64 = 10;
/// Log records of a service in a second.
const RECORDS: usize = 10;

/// One process of a service that has so many endpoints.
pub(super) struct Process {
    service: String,
    instance: String,
    endpoints: usize,
    /// In nanoseconds since 1970.
    started: u64,
    /// Seconds that it counted.
    ticks: u64,
    /// Bad events besides the usual ones, of its first endpoint.
    burst: u64,
}

impl Process {
    /// One that begins now.
    pub(super) fn start(service: &str, instance: &str, endpoints: usize) -> Process {
        Process {
            service: service.to_owned(),
            instance: instance.to_owned(),
            endpoints,
            started: nanoseconds(),
            ticks: 0,
            burst: 0,
        }
    }

    /// Counts what happens in a second.
    pub(super) fn tick(&mut self, burst: u64) {
        self.ticks += 1;
        self.burst += burst;
    }

    /// Good and bad events of its first endpoint so far.
    pub(super) fn of_first(&self) -> (u64, u64) {
        self.of(0)
    }

    fn of(&self, endpoint: usize) -> (u64, u64) {
        let bad = self.ticks / BAD_EVERY;
        let burst = if endpoint == 0 { self.burst } else { 0 };
        (self.ticks * EACH_SECOND - bad, bad + burst)
    }

    /// Its counts as the SDK exports them.
    pub(super) fn metrics(&self) -> Vec<u8> {
        let (mut events, mut results, mut in_flight) = (Vec::new(), Vec::new(), Vec::new());
        let mut durations = Vec::new();
        for n in 0..self.endpoints {
            let (good, bad) = self.of(n);
            let of = labels(n);
            for (sli, outcome, count) in [
                ("availability", "good", good),
                ("availability", "bad", bad),
                ("latency", "good", good),
                ("latency", "bad", 0),
            ] {
                let mut of = of.clone();
                of.extend([text("slo.sli", sli), text("slo.outcome", outcome)]);
                if sli == "latency" {
                    of.push(pair("slo.threshold", Value::DoubleValue(0.25)));
                }
                events.push(self.point(of, count));
            }
            for (result, count) in [("ok", good), ("server_error", bad), ("client_error", 0)] {
                let mut of = of.clone();
                of.push(text("slo.result", result));
                results.push(self.point(of, count));
            }
            in_flight.push(self.point(of.clone(), self.ticks % 3));
            let mut counts = vec![0; BOUNDS.len() + 1];
            counts[2] = good;
            durations.push(HistogramDataPoint {
                attributes: of,
                start_time_unix_nano: self.started,
                time_unix_nano: nanoseconds(),
                count: good,
                sum: Some(0.02 * precise(good)),
                bucket_counts: counts,
                explicit_bounds: BOUNDS.to_vec(),
                ..HistogramDataPoint::default()
            });
        }
        let histogram = Data::Histogram(Histogram {
            data_points: durations,
            aggregation_temporality: AggregationTemporality::Cumulative.into(),
        });
        let started = vec![self.gauge(Vec::new(), precise(self.started) / 1e9)];
        let metrics = vec![
            sum("slo.events", events, true),
            sum("slo.results", results, true),
            sum("slo.in_flight", in_flight, false),
            metric("slo.duration", histogram),
            metric("slo.objective", gauge(self.objectives())),
            metric("slo.start_time", gauge(started)),
            sum("slo.lost", vec![self.point(Vec::new(), 0)], true),
        ];
        let export = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(self.resource()),
                scope_metrics: vec![ScopeMetrics {
                    metrics,
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        };
        export.encode_to_vec()
    }

    fn objectives(&self) -> Vec<NumberDataPoint> {
        let journeys = 0..self.endpoints.div_ceil(STEPS as usize);
        let of = |journey: usize, sli| {
            let of = vec![
                text("slo.journey", &journey_name(journey)),
                text("slo.sli", sli),
                text("slo.window", "30d"),
            ];
            self.gauge(of, 0.99)
        };
        journeys
            .flat_map(|journey| ["availability", "latency"].map(|sli| of(journey, sli)))
            .collect()
    }

    /// Some of its bad events as log records.
    pub(super) fn logs(&self) -> Vec<u8> {
        let record = |n: usize| {
            let identity = self.ticks * 1_000 + n as u64 + 1;
            let list = |sli: &str| {
                Value::ArrayValue(opentelemetry_proto::tonic::common::v1::ArrayValue {
                    values: vec![any(Value::StringValue(sli.to_owned()))],
                })
            };
            let mut of = labels(n % self.endpoints);
            of.extend([
                text("slo.result", "server_error"),
                text("slo.reason", "the store does not answer"),
                pair("slo.slis.bad", list("availability")),
                pair("slo.duration", Value::DoubleValue(0.3)),
                text("http.request.method", "POST"),
                text("http.route", "/orders/{id}"),
                pair("http.response.status_code", Value::IntValue(503)),
            ]);
            LogRecord {
                time_unix_nano: nanoseconds(),
                event_name: "slo.event".to_owned(),
                attributes: of,
                trace_id: u128::from(identity).to_be_bytes().to_vec(),
                span_id: identity.to_be_bytes().to_vec(),
                ..LogRecord::default()
            }
        };
        let export = ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs {
                resource: Some(self.resource()),
                scope_logs: vec![ScopeLogs {
                    log_records: (0..RECORDS).map(record).collect(),
                    ..ScopeLogs::default()
                }],
                ..ResourceLogs::default()
            }],
        };
        export.encode_to_vec()
    }

    fn resource(&self) -> Resource {
        Resource {
            attributes: vec![
                text("service.name", &self.service),
                text("service.instance.id", &self.instance),
            ],
            ..Resource::default()
        }
    }

    fn point(&self, attributes: Vec<KeyValue>, count: u64) -> NumberDataPoint {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.value(attributes, number_data_point::Value::AsInt(count))
    }

    fn gauge(&self, attributes: Vec<KeyValue>, value: f64) -> NumberDataPoint {
        self.value(attributes, number_data_point::Value::AsDouble(value))
    }

    fn value(&self, attributes: Vec<KeyValue>, value: number_data_point::Value) -> NumberDataPoint {
        NumberDataPoint {
            attributes,
            start_time_unix_nano: self.started,
            time_unix_nano: nanoseconds(),
            value: Some(value),
            ..NumberDataPoint::default()
        }
    }
}

fn journey_name(n: usize) -> String {
    format!("journey-{n}")
}

fn labels(endpoint: usize) -> Vec<KeyValue> {
    vec![
        text("slo.endpoint", &format!("endpoint-{endpoint}")),
        text("slo.journey", &journey_name(endpoint / STEPS as usize)),
    ]
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(any(value)),
        ..KeyValue::default()
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    pair(key, Value::StringValue(value.to_owned()))
}

fn metric(name: &str, data: Data) -> Metric {
    Metric {
        name: name.to_owned(),
        data: Some(data),
        ..Metric::default()
    }
}

fn sum(name: &str, data_points: Vec<NumberDataPoint>, is_monotonic: bool) -> Metric {
    let sum = Sum {
        data_points,
        aggregation_temporality: AggregationTemporality::Cumulative.into(),
        is_monotonic,
    };
    metric(name, Data::Sum(sum))
}

fn gauge(data_points: Vec<NumberDataPoint>) -> Data {
    Data::Gauge(Gauge { data_points })
}

fn nanoseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "made up")]
fn precise(n: u64) -> f64 {
    n as f64
}
