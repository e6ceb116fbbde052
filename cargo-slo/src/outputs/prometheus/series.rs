//! The series of a service, for outputs that query Prometheus without being rules.

use super::{
    job::Job,
    promql::{equals, matches, regex_of, selector},
    subject::Subject,
};
use crate::{
    definition::{Service, Slo},
    outputs::Settings,
};

/// Selectors for the series of one service.
#[derive(Debug)]
pub(in crate::outputs) struct Series(Job);

impl Series {
    /// Those of a service in the namespace of the settings, or in any.
    pub(in crate::outputs) fn of(service: &Service, settings: &Settings) -> Series {
        Series(Job::of(service, settings.namespace.as_deref()))
    }

    /// True where services of one name in several namespaces are not told apart.
    pub(in crate::outputs) fn in_any_namespace(&self) -> bool {
        self.0.exact().is_none()
    }

    /// The events of an SLO, all of them or those with one outcome.
    pub(in crate::outputs) fn events(&self, slo: &Slo, outcome: Option<&str>) -> String {
        Subject { slo, job: &self.0 }.events(outcome)
    }

    /// What rules recorded for an SLO.
    pub(in crate::outputs) fn recorded(&self, slo: &Slo, metric: &str) -> String {
        Subject { slo, job: &self.0 }.recorded(metric)
    }

    /// What rules recorded for every SLO of the service.
    pub(in crate::outputs) fn recorded_of_service(&self, service: &str, metric: &str) -> String {
        let mut matchers = vec![of_service(service)];
        matchers.extend(self.0.recorded_matcher());
        selector(metric, &matchers)
    }

    /// Alerts that fire for the service: those of its SLOs, and those about all of it.
    pub(in crate::outputs) fn alerts(&self, service: &str) -> [String; 2] {
        [of_service(service), equals("slo_service", service)].map(|about| {
            let mut matchers = vec![
                matches("alertname", "Slo.+"),
                equals("alertstate", "firing"),
                about,
            ];
            matchers.extend(self.0.recorded_matcher());
            selector("ALERTS", &matchers)
        })
    }

    /// Another metric that the SDK exports, with these labels.
    pub(in crate::outputs) fn exported(&self, metric: &str, labels: &[(&str, &str)]) -> String {
        let mut matchers = vec![self.0.matcher()];
        matchers.extend(labels.iter().map(|(label, value)| equals(label, value)));
        selector(metric, &matchers)
    }
}

/// The identities of the SLOs of a service: they begin with its name, which has no slash.
fn of_service(service: &str) -> String {
    matches("slo", &format!("{}/.+", regex_of(service)))
}
