//! Prometheus as an output.

use super::{per_slo, yaml};
use crate::{
    definition::{Definition, Service},
    outputs::{File, Output},
};

/// Rules for Prometheus and what evaluates the same (Mimir, Thanos, VictoriaMetrics).
#[derive(Clone, Copy, Debug)]
pub struct Prometheus;

impl Output for Prometheus {
    fn name(&self) -> &'static str {
        "prometheus"
    }

    fn about(&self) -> &'static str {
        "recording rules and burn-rate alerts, one rule file per service"
    }

    fn generate(&self, definition: &Definition) -> Vec<File> {
        let services = definition.services.iter();
        let file = |service: &Service| File {
            name: format!("{}.prometheus.yaml", service.name),
            content: rules(service),
        };
        services.map(file).collect()
    }
}

/// The rule file of a service, with every rule of every one of its SLOs.
pub fn rules(service: &Service) -> String {
    yaml::write(&per_slo::rules(service))
}
