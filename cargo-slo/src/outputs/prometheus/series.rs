//! The series of a service, for outputs that query Prometheus without being rules.

use super::{
    job::Job,
    names::Instrument,
    promql::{differs, equals, matches, matches_not, selector},
    subject,
};
use crate::{
    definition::{Identity, Service, Slo},
    outputs::{ServiceLabel, Settings},
    text::promql::regex_of,
};

/// Selectors for the series of one service.
#[derive(Debug)]
pub(in crate::outputs) struct Series(Job);

/// Results that spend no error budget of availability, as a regular expression.
pub(in crate::outputs) const NOT_FAILED: &str =
    "ok|marked_good|client_error|cancelled|marked_excluded|outside_layer";

/// A metric that the SDK exports, beside the events of SLOs.
#[derive(Clone, Copy, Debug)]
pub(in crate::outputs) enum Metric {
    /// Events by how they ended.
    Results,
    /// Events that did not end yet.
    InFlight,
    /// When a job last succeeded.
    LastSuccess,
    /// Events by how long they took at most.
    DurationBuckets,
    /// Events by consumer.
    ConsumerEvents,
    /// When a process started.
    StartTime,
}

impl Metric {
    const fn instrument(self) -> Instrument {
        match self {
            Metric::Results => Instrument::Results,
            Metric::InFlight => Instrument::InFlight,
            Metric::LastSuccess => Instrument::LastSuccess,
            Metric::DurationBuckets => Instrument::DurationBuckets,
            Metric::ConsumerEvents => Instrument::ConsumerEvents,
            Metric::StartTime => Instrument::StartTime,
        }
    }
}

impl Series {
    /// Those of a service in the namespace of the settings, or in any.
    pub(in crate::outputs) fn new(service: &Service, settings: &Settings) -> Series {
        Series(Job::new(&service.name, settings))
    }

    /// True where services of one name in several namespaces are not told apart.
    pub(in crate::outputs) fn in_any_namespace(&self) -> bool {
        self.0.exact().is_none()
    }

    /// The label that tells these apart, as it stands in an expression.
    pub(in crate::outputs) fn namespace_label(&self) -> String {
        match self.0.spelling() {
            (_, ServiceLabel::Job) => "job".to_owned(),
            (names, ServiceLabel::ServiceName) => names.label("service.namespace"),
        }
    }

    /// An attribute of the telemetry contract, as it stands in an expression.
    pub(in crate::outputs) fn label(&self, attribute: &str) -> String {
        self.0.spelling().0.label(attribute)
    }

    /// The events of an SLO, all of them or those with one outcome.
    pub(in crate::outputs) fn events(&self, slo: &Slo, outcome: Option<&str>) -> String {
        let Identity {
            // It is in the job.
            service: _,
            journey,
            endpoint,
            sli,
        } = &slo.identity;
        let attributes = [
            ("slo.journey", Some(&**journey)),
            ("slo.endpoint", endpoint.as_deref()),
            ("slo.sli", Some(&**sli)),
            ("slo.outcome", outcome),
        ];
        let attributes = attributes
            .iter()
            .filter_map(|(key, value)| Some((*key, (*value)?)));
        self.select(Instrument::Events, attributes)
    }

    /// Another metric that the SDK exports, with these attributes.
    pub(in crate::outputs) fn exported(
        &self,
        metric: Metric,
        attributes: &[(&str, &str)],
    ) -> String {
        self.select(metric.instrument(), attributes.iter().copied())
    }

    /// The same, but those with one of these values of an attribute, as a regular expression.
    pub(in crate::outputs) fn exported_but(
        &self,
        metric: Metric,
        attributes: &[(&str, &str)],
        (but, values): (&str, &str),
    ) -> String {
        let attributes = attributes.iter();
        let attributes = attributes.map(|(key, value)| equals(&self.label(key), value));
        let but = matches_not(&self.label(but), values);
        self.select_matching(metric.instrument(), attributes.chain([but]))
    }

    /// Another metric that the SDK exports, with one of these values of an attribute.
    pub(in crate::outputs) fn exported_one_of(
        &self,
        metric: Metric,
        (of, values): (&str, &[String]),
    ) -> String {
        let values: Vec<_> = values.iter().map(|value| regex_of(value)).collect();
        let one = matches(&self.label(of), &values.join("|"));
        self.select_matching(metric.instrument(), [one].into_iter())
    }

    /// The labels that say which process it is.
    pub(in crate::outputs) fn process_labels(&self) -> Vec<String> {
        let (names, label) = self.0.spelling();
        match label {
            ServiceLabel::Job => vec!["job".to_owned(), "instance".to_owned()],
            ServiceLabel::ServiceName => ["service.name", "service.version", "service.instance.id"]
                .map(|attribute| names.label(attribute))
                .into(),
        }
    }

    /// Requests that no annotation covers, with one outcome; with any but those that an SLO would
    /// not count, such as of strangers whom nobody served.
    pub(in crate::outputs) fn unannotated(&self, outcome: Option<&str>) -> String {
        let label = self.label("slo.outcome");
        let of_outcome = match outcome {
            Some(outcome) => equals(&label, outcome),
            None => differs(&label, "excluded"),
        };
        self.select_matching(Instrument::Unannotated, [of_outcome].into_iter())
    }

    fn select<'a>(
        &self,
        instrument: Instrument,
        attributes: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let attributes = attributes.map(|(key, value)| equals(&self.label(key), value));
        self.select_matching(instrument, attributes)
    }

    fn select_matching(
        &self,
        instrument: Instrument,
        attributes: impl Iterator<Item = String>,
    ) -> String {
        let matchers: Vec<_> = self.0.matchers().into_iter().chain(attributes).collect();
        self.0.spelling().0.selector(instrument, &matchers)
    }

    /// What rules recorded for an SLO.
    pub(in crate::outputs) fn recorded(&self, slo: &Slo, metric: &str) -> String {
        selector(metric, &[subject::selected(slo, &self.0)])
    }

    /// What rules recorded for every SLO of the service.
    pub(in crate::outputs) fn recorded_of_service(&self, metric: &str) -> String {
        let matchers = [self.of_service()].into_iter();
        let matchers: Vec<_> = matchers.chain(self.0.recorded_matchers()).collect();
        selector(metric, &matchers)
    }

    /// Alerts that fire for the service: those of its SLOs, and those about all of it.
    pub(in crate::outputs) fn alerts(&self) -> [String; 2] {
        [self.of_service(), equals("slo_service", self.0.service())].map(|about| {
            let mut matchers = vec![
                matches("alertname", "Slo.+"),
                equals("alertstate", "firing"),
                about,
            ];
            matchers.extend(self.0.recorded_matchers());
            selector("ALERTS", &matchers)
        })
    }

    /// The identities of its SLOs begin with its name, which has no slash.
    fn of_service(&self) -> String {
        matches("slo", &format!("{}/.+", regex_of(self.0.service())))
    }
}
