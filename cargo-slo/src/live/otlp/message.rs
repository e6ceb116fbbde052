//! What an export says, as far as it is counted: the messages of OTLP, in both of its encodings.
//!
//! One struct has the fields of all kinds of a thing: a data point those of numbers and of
//! histograms. Texts are borrowed from the body.

use super::number;
use serde::Deserialize;
use std::borrow::Cow;

/// The body of an export of metrics or log records.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Export<'a, T> {
    #[serde(default, alias = "resourceMetrics", alias = "resourceLogs", borrow)]
    pub(crate) resources: Vec<OfResource<'a, T>>,
}

/// What one process exports.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct OfResource<'a, T> {
    #[serde(default, borrow)]
    pub(crate) resource: Resource<'a>,
    #[serde(default, alias = "scopeMetrics", alias = "scopeLogs")]
    pub(crate) scopes: Vec<Scope<T>>,
}

/// A process.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Resource<'a> {
    #[serde(borrow)]
    pub(crate) attributes: Vec<Attribute<'a>>,
}

/// What one library of a process exports.
#[derive(Debug, Deserialize)]
pub(crate) struct Scope<T> {
    #[serde(default = "Vec::new", alias = "metrics", alias = "logRecords")]
    pub(crate) items: Vec<T>,
}

/// A metric: one of its three kinds that are read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metric<'a> {
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) gauge: Option<Points<'a>>,
    #[serde(borrow)]
    pub(crate) sum: Option<Points<'a>>,
    #[serde(borrow)]
    pub(crate) histogram: Option<Points<'a>>,
}

/// The series of a metric.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Points<'a> {
    #[serde(borrow)]
    pub(crate) data_points: Vec<Point<'a>>,
    /// 1 for delta, 2 for cumulative.
    pub(crate) aggregation_temporality: u64,
}

/// A series at one moment.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Point<'a> {
    #[serde(borrow)]
    pub(crate) attributes: Vec<Attribute<'a>>,
    #[serde(deserialize_with = "number::whole")]
    pub(crate) start_time_unix_nano: u64,
    #[serde(deserialize_with = "number::whole")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "number::real")]
    pub(crate) as_double: Option<f64>,
    #[serde(deserialize_with = "number::signed")]
    pub(crate) as_int: Option<i64>,
    #[serde(deserialize_with = "number::real")]
    pub(crate) sum: Option<f64>,
    #[serde(deserialize_with = "number::wholes")]
    pub(crate) bucket_counts: Vec<u64>,
    pub(crate) explicit_bounds: Vec<f64>,
}

/// A log record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct LogRecord<'a> {
    #[serde(borrow)]
    pub(crate) attributes: Vec<Attribute<'a>>,
    #[serde(deserialize_with = "number::whole")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "number::whole")]
    pub(crate) observed_time_unix_nano: u64,
    #[serde(borrow)]
    pub(crate) event_name: Cow<'a, str>,
    /// In hexadecimal.
    #[serde(borrow)]
    pub(crate) trace_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) span_id: Cow<'a, str>,
}

/// A key with its value.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Attribute<'a> {
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) value: Any<'a>,
}

/// A value of any of the kinds that are read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Any<'a> {
    #[serde(borrow)]
    pub(crate) string_value: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "number::signed")]
    pub(crate) int_value: Option<i64>,
    #[serde(deserialize_with = "number::real")]
    pub(crate) double_value: Option<f64>,
    pub(crate) bool_value: Option<bool>,
    #[serde(borrow)]
    pub(crate) array_value: Option<List<'a>>,
}

/// Values in their order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct List<'a> {
    #[serde(borrow)]
    pub(crate) values: Vec<Any<'a>>,
}

/// The value that attributes have under a key.
pub(crate) fn value<'m, 'a>(attributes: &'m [Attribute<'a>], key: &str) -> Option<&'m Any<'a>> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    Some(&found.value)
}

/// The text that attributes have under a key.
pub(crate) fn text<'m>(attributes: &'m [Attribute<'_>], key: &str) -> Option<&'m str> {
    value(attributes, key)?.string_value.as_deref()
}

/// The number that attributes have under a key.
pub(crate) fn real(attributes: &[Attribute<'_>], key: &str) -> Option<f64> {
    let value = value(attributes, key)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds, and counts of few events"
    )]
    let whole = value.int_value.map(|n| n as f64);
    value.double_value.or(whole)
}
