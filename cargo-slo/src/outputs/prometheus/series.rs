//! The series of a service, for outputs that query Prometheus without being rules.

use super::{job::Job, subject::Subject};
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
}
