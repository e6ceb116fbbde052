//! The names of the telemetry contract, as Prometheus spells them.

use crate::outputs::Names;
use crate::text::promql::quoted;

/// An instrument that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instrument {
    Events,
    Results,
    InFlight,
    Objective,
    Info,
    Interval,
    LastSuccess,
    StartTime,
    Unannotated,
    DurationBuckets,
    ConsumerEvents,
}

impl Instrument {
    /// Its name in the contract, and what Prometheus appends: the ending of a counter or the
    /// unit of a gauge.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Instrument::Events => ("slo.events", "_total"),
            Instrument::Results => ("slo.results", "_total"),
            Instrument::InFlight => ("slo.in_flight", ""),
            Instrument::Objective => ("slo.objective", "_ratio"),
            Instrument::Info => ("slo.info", ""),
            Instrument::Interval => ("slo.interval", "_seconds"),
            Instrument::LastSuccess => ("slo.last_success", "_seconds"),
            Instrument::StartTime => ("slo.start_time", "_seconds"),
            Instrument::Unannotated => ("slo.unannotated", "_total"),
            Instrument::DurationBuckets => ("slo.duration", "_seconds"),
            Instrument::ConsumerEvents => ("slo.consumer.events", "_total"),
        }
    }
}

impl Names {
    /// Returns the name of the metric that counts events.
    pub fn of_events(self) -> String {
        self.metric(Instrument::Events)
    }

    /// The name of a metric.
    pub(super) fn metric(self, instrument: Instrument) -> String {
        let (name, suffix) = instrument.parts();
        let suffix = if self.has_suffixes() { suffix } else { "" };
        let part = match instrument {
            // However names are spelt, this is what the part of a histogram is called.
            Instrument::DurationBuckets => "_bucket",
            _ => "",
        };
        self.spelt(&format!("{name}{suffix}{part}"))
    }

    /// The name of an attribute, as it stands in an expression.
    pub(super) fn label(self, attribute: &str) -> String {
        let name = self.spelt(attribute);
        if self.is_utf8() { quoted(&name) } else { name }
    }

    /// The series of an instrument that all of these matchers let through.
    pub(super) fn selector(self, instrument: Instrument, matchers: &[String]) -> String {
        let metric = self.metric(instrument);
        if self.is_utf8() {
            let mut inside = vec![quoted(&metric)];
            inside.extend_from_slice(matchers);
            return format!("{{{}}}", inside.join(","));
        }
        if matchers.is_empty() {
            return metric;
        }
        format!("{metric}{{{}}}", matchers.join(","))
    }

    fn spelt(self, name: &str) -> String {
        if self.is_utf8() {
            name.to_owned()
        } else {
            name.replace('.', "_")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_translation_of_prometheus() {
        let all = Names::ALL.map(|names| {
            let journey = format!("{}=\"a\"", names.label("slo.journey"));
            names.selector(Instrument::Events, &[journey])
        });
        let expected = [
            r#"slo_events_total{slo_journey="a"}"#,
            r#"slo_events{slo_journey="a"}"#,
            r#"{"slo.events_total","slo.journey"="a"}"#,
            r#"{"slo.events","slo.journey"="a"}"#,
        ];
        assert_eq!(all, expected);
        let gauges = Names::ALL.map(|names| names.selector(Instrument::Objective, &[]));
        assert_eq!(
            gauges,
            [
                "slo_objective_ratio",
                "slo_objective",
                r#"{"slo.objective_ratio"}"#,
                r#"{"slo.objective"}"#
            ]
        );
    }
}
