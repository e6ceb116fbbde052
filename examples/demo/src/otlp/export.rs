//! One export, as it came over the wire.

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value},
    metrics::v1::{AggregationTemporality, NumberDataPoint, metric::Data, number_data_point},
};
use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

/// Attributes by key, values as text.
pub(crate) type Attributes = BTreeMap<String, String>;

/// The points of one export of one service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Export {
    /// When the service collected the newest of them.
    pub(crate) collected: Option<SystemTime>,
    points: BTreeMap<String, BTreeMap<Attributes, f64>>,
    /// What in it is not as the telemetry contract says.
    pub(crate) complaints: Vec<String>,
}

impl Export {
    /// The exports in a request, each with the name of its service.
    pub(crate) fn all(request: ExportMetricsServiceRequest) -> Vec<(String, Export)> {
        let mut exports = Vec::new();
        for resource in request.resource_metrics {
            let of_resource = attributes(&resource.resource.unwrap_or_default().attributes);
            let mut export = Export::default();
            for metric in resource
                .scope_metrics
                .into_iter()
                .flat_map(|scope| scope.metrics)
            {
                let data = metric.data;
                export.add(metric.name, data);
            }
            exports.push((
                of_resource.get("service.name").cloned().unwrap_or_default(),
                export,
            ));
        }
        exports
    }

    fn add(&mut self, metric: String, data: Option<Data>) {
        let points = match data {
            Some(Data::Sum(sum)) => {
                if sum.aggregation_temporality != AggregationTemporality::Cumulative as i32 {
                    self.complaints.push(format!("{metric} is not cumulative"));
                }
                if sum.is_monotonic == (metric == "slo.in_flight") {
                    self.complaints
                        .push(format!("{metric} says wrongly whether it can decrease"));
                }
                sum.data_points
            }
            Some(Data::Gauge(gauge)) => gauge.data_points,
            // Not a number: other instruments than those that are compared.
            _ => return,
        };
        for point in &points {
            let at = SystemTime::UNIX_EPOCH + Duration::from_nanos(point.time_unix_nano);
            self.collected = self.collected.max(Some(at));
        }
        let series = self.points.entry(metric).or_default();
        series.extend(
            points
                .iter()
                .map(|point| (attributes(&point.attributes), value(point))),
        );
    }

    /// Every point of a metric.
    pub(crate) fn points(&self, metric: &str) -> impl Iterator<Item = (&Attributes, f64)> {
        self.points
            .get(metric)
            .into_iter()
            .flatten()
            .map(|(attributes, value)| (attributes, *value))
    }

    /// The sum of those points of a counter that have these attributes; `None` if there
    /// is no such point.
    pub(crate) fn sum(&self, metric: &str, having: &[(&str, &str)]) -> Option<u64> {
        let mut found = self
            .points(metric)
            .filter(|(attributes, _)| {
                having
                    .iter()
                    .all(|(key, value)| attributes.get(*key).is_some_and(|v| v == value))
            })
            .map(|(_, value)| whole(value))
            .peekable();
        found.peek().is_some().then(|| found.sum())
    }

    /// What decreased since an earlier export, or is gone, although it may not.
    pub(crate) fn lost_since<'a>(
        &'a self,
        earlier: &'a Export,
    ) -> impl Iterator<Item = String> + 'a {
        let counters = ["slo.events", "slo.results", "slo.unannotated"];
        counters.into_iter().flat_map(move |metric| {
            earlier
                .points(metric)
                .filter_map(move |(attributes, before)| {
                    let now = self.points.get(metric)?.get(attributes).copied();
                    (now.is_none_or(|now| now < before))
                        .then(|| format!("{metric} {attributes:?} went from {before} to {now:?}"))
                })
        })
    }
}

/// A count; counters hold nothing else.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are whole"
)]
pub(crate) fn whole(value: f64) -> u64 {
    value as u64
}

fn attributes(list: &[KeyValue]) -> Attributes {
    let text = |value: Option<&AnyValue>| match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::DoubleValue(number)) => number.to_string(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(truth)) => truth.to_string(),
        _ => String::new(),
    };
    list.iter()
        .map(|pair| (pair.key.clone(), text(pair.value.as_ref())))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a demo counts to thousands")]
fn value(point: &NumberDataPoint) -> f64 {
    match point.value {
        Some(number_data_point::Value::AsInt(value)) => value as f64,
        Some(number_data_point::Value::AsDouble(value)) => value,
        None => f64::NAN,
    }
}
