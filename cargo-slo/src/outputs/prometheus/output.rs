//! Prometheus as an output.

use super::{job::Job, per_slo, yaml};
use crate::{
    definition::{Definition, Service},
    outputs::{File, Files, Output, Settings},
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

    fn generate<'a>(&self, definition: &'a Definition, settings: &'a Settings) -> Files<'a> {
        let namespace = settings.namespace.as_deref();
        Box::new(definition.services.iter().map(move |service| File {
            name: match namespace {
                // Beside the file of another namespace, never over it.
                Some(namespace) => format!("{}@{namespace}.prometheus.yaml", service.name),
                None => format!("{}.prometheus.yaml", service.name),
            },
            content: rules(service, namespace),
        }))
    }
}

/// The rule file of a service, with every rule of every one of its SLOs.
///
/// With a namespace, the rules are for the job `namespace/name` only; without, for every job
/// of that name, in any namespace or none.
pub fn rules(service: &Service, namespace: Option<&str>) -> String {
    yaml::write(&per_slo::rules(service, &Job::of(service, namespace)))
}
