//! The same counts in Prometheus' text format, for a server that scrapes them.
//!
//! Names and labels are those that a Prometheus gives to what comes over OTLP, so the same rules
//! read both: dots become underscores, a counter ends in `_total`, and a unit is spelt out, as in
//! [the compatibility rules of OpenTelemetry][rules].
//!
//! [rules]: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/

#[cfg(feature = "otlp")]
use super::attributes as name;
use super::instruments::{ALL, Instrument, Kind};
use crate::Snapshot;
use opentelemetry::{KeyValue, metrics::AsyncInstrument};
use std::{
    fmt::{Display, Write as _},
    sync::{Mutex, PoisonError},
};

/// Returns the counts as text, version 0.0.4 of the format.
pub(crate) fn text(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for instrument in &ALL {
        let metric = metric(instrument);
        let kind = match instrument.kind {
            Kind::Counter(_) => "counter",
            Kind::UpDownCounter(_) | Kind::Gauge(_) | Kind::WholeGauge(_) => "gauge",
        };
        let lines = Lines {
            metric: &metric,
            text: Mutex::new(String::new()),
        };
        instrument.observe(snapshot, &lines);
        let lines = lines
            .text
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if !lines.is_empty() {
            head(&mut text, &metric, kind, instrument.description);
            text.push_str(&lines);
        }
    }
    #[cfg(feature = "otlp")]
    durations(&mut text, snapshot);
    text
}

/// The name of an instrument's series.
fn metric(instrument: &Instrument) -> String {
    let plain = instrument.name.replace('.', "_");
    let unit = match (instrument.unit, instrument.kind) {
        ("s", _) => "_seconds",
        ("1", Kind::Gauge(_)) => "_ratio",
        // A unit in braces says what is counted.
        _ => "",
    };
    let total = match instrument.kind {
        Kind::Counter(_) => "_total",
        _ => "",
    };
    format!("{plain}{unit}{total}")
}

fn head(text: &mut String, metric: &str, kind: &str, help: &str) {
    let _ = write!(text, "# HELP {metric} {help}\n# TYPE {metric} {kind}\n");
}

/// The series of one metric.
struct Lines<'a> {
    metric: &'a str,
    text: Mutex<String>,
}

impl Lines<'_> {
    fn add(&self, value: impl Display, attributes: &[KeyValue]) {
        let labels = attributes
            .iter()
            .map(|attribute| (attribute.key.as_str(), attribute.value.as_str()));
        let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        line(&mut text, self.metric, labels, value);
    }
}

impl AsyncInstrument<u64> for Lines<'_> {
    fn observe(&self, value: u64, attributes: &[KeyValue]) {
        self.add(value, attributes);
    }
}

impl AsyncInstrument<i64> for Lines<'_> {
    fn observe(&self, value: i64, attributes: &[KeyValue]) {
        self.add(value, attributes);
    }
}

impl AsyncInstrument<f64> for Lines<'_> {
    fn observe(&self, value: f64, attributes: &[KeyValue]) {
        self.add(value, attributes);
    }
}

/// A series; a label without a value is none.
fn line<'a>(
    text: &mut String,
    metric: &str,
    labels: impl IntoIterator<Item = (&'a str, impl AsRef<str>)>,
    value: impl Display,
) {
    text.push_str(metric);
    let mut before = '{';
    for (name, value) in labels {
        let value = value.as_ref();
        if value.is_empty() {
            continue;
        }
        text.push(before);
        before = ',';
        text.push_str(&name.replace('.', "_"));
        text.push_str("=\"");
        for c in value.chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '\n' => text.push_str("\\n"),
                c => text.push(c),
            }
        }
        text.push('"');
    }
    if before == ',' {
        text.push('}');
    }
    let _ = writeln!(text, " {value}");
}

/// How long good events took, where that is measured.
#[cfg(feature = "otlp")]
fn durations(text: &mut String, snapshot: &Snapshot) {
    let metric = format!("{}_seconds", name::DURATION.replace('.', "_"));
    let (bucket, sum, count) = (
        format!("{metric}_bucket"),
        format!("{metric}_sum"),
        format!("{metric}_count"),
    );
    let mut is_first = true;
    for endpoint in snapshot.endpoints() {
        let Some(durations) = endpoint.durations() else {
            continue;
        };
        if is_first {
            head(text, &metric, "histogram", "How long good events took");
            is_first = false;
        }
        let of = [
            (name::ENDPOINT, endpoint.name()),
            (name::JOURNEY, endpoint.journey()),
        ];
        let mut within = 0;
        for (at_most, events) in durations.buckets() {
            within += events;
            let end = at_most.map_or("+Inf".to_owned(), |end| end.as_secs_f64().to_string());
            line(
                text,
                &bucket,
                of.into_iter().chain([("le", end.as_str())]),
                within,
            );
        }
        line(text, &sum, of, durations.sum().as_secs_f64());
        line(text, &count, of, within);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_prometheus() {
        let names: Vec<String> = ALL.iter().map(metric).collect();
        assert_eq!(
            names,
            [
                "slo_events_total",
                "slo_consumer_events_total",
                "slo_results_total",
                "slo_in_flight",
                "slo_unannotated_total",
                "slo_objective_ratio",
                "slo_info",
                "slo_interval_seconds",
                "slo_last_success_seconds",
                "slo_start_time_seconds",
            ]
        );
    }

    #[test]
    fn values_of_labels_are_escaped() {
        let mut text = String::new();
        let hostile = "a\"b\\c\nd} 7";
        line(&mut text, "m", [("http.route", hostile), ("empty", "")], 1);
        assert_eq!(text, "m{http_route=\"a\\\"b\\\\c\\nd} 7\"} 1\n");
        let mut plain = String::new();
        line(&mut plain, "m", [("empty", "")], 0.5);
        assert_eq!(plain, "m 0.5\n");
    }
}
