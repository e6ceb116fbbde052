//! Prometheus as an output.

use super::{file::RuleFile, kubernetes, objects, per_slo, refusals, universal};
use crate::{
    definition::Service,
    diagnostics::Diagnostic,
    fleet::{Fleet, Subject},
    outputs::{File, Files, Mode, Output, Settings, names},
    parallel,
};

/// Rules for Prometheus and what evaluates the same, such as Mimir.
#[derive(Clone, Copy, Debug)]
pub struct Prometheus;

/// The same rules as `PrometheusRule` objects for the operator on Kubernetes.
#[derive(Clone, Copy, Debug)]
pub struct PrometheusRule;

impl Output for Prometheus {
    fn name(&self) -> &'static str {
        "prometheus"
    }

    fn about(&self) -> &'static str {
        "recording rules and burn-rate alerts, one rule file per service, or one for all"
    }

    fn refusals(&self, fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
        refusals::all(fleet, settings)
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        match settings.mode {
            Mode::PerSlo => Box::new(parallel::map(&fleet.subjects, move |subject| File {
                name: rule_file(subject.service, settings),
                content: rules(subject, settings),
            })),
            Mode::Universal => Box::new(std::iter::once_with(move || File {
                name: universal_file(),
                content: universal_rules(fleet, settings),
            })),
        }
    }
}

impl Output for PrometheusRule {
    fn name(&self) -> &'static str {
        "prometheus-rule"
    }

    fn about(&self) -> &'static str {
        "the same rules as PrometheusRule objects for Kubernetes"
    }

    fn refusals(&self, fleet: &Fleet<'_>, settings: &Settings) -> Vec<Diagnostic> {
        let of_objects = objects::refusals(fleet, settings);
        let of_rules = refusals::all(fleet, settings);
        of_rules.into_iter().chain(of_objects).collect()
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        match settings.mode {
            Mode::PerSlo => Box::new(
                parallel::map(&fleet.subjects, move |subject| {
                    objects::of_service(subject, settings)
                })
                .flatten(),
            ),
            Mode::Universal => Box::new(std::iter::once_with(move || {
                let RuleFile { head, groups } = universal::rules(fleet, settings);
                let groups = kubernetes::written(groups);
                let name = names::of_object(UNIVERSAL);
                File {
                    name: format!("{UNIVERSAL}.prometheus-rule.yaml"),
                    content: kubernetes::write(&name, &head, &[&groups], settings.store),
                }
            })),
        }
    }
}

/// Name of the rule file for all services, without its ending.
const UNIVERSAL: &str = "slo-universal";

/// Name of the files of a service, without their endings.
pub(super) fn stem(service: &Service, settings: &Settings) -> String {
    match &settings.namespace {
        // Beside the file of another namespace, never over it.
        Some(namespace) => format!("{}@{namespace}", service.name),
        None => service.name.clone(),
    }
}

/// Name of the rule file that the rules of a service are in.
pub(super) fn rule_file(service: &Service, settings: &Settings) -> String {
    match settings.mode {
        Mode::PerSlo => format!("{}.prometheus.yaml", stem(service, settings)),
        Mode::Universal => universal_file(),
    }
}

/// Name of the rule file for all services.
pub(super) fn universal_file() -> String {
    format!("{UNIVERSAL}.prometheus.yaml")
}

/// Returns the rule file of a service, in which every SLO has rules of its own.
///
/// With a namespace, the rules are for the job `namespace/name` only; without, for every job
/// of that name, in any namespace or none.
pub fn rules(subject: &Subject<'_>, settings: &Settings) -> String {
    per_slo::rules(subject, settings).into_yaml()
}

/// Returns the rule file for all services: for the windows that these promise something over, and
/// for every SLO over them that any service exports, whether it is one of these or not.
pub fn universal_rules(fleet: &Fleet<'_>, settings: &Settings) -> String {
    universal::rules(fleet, settings).into_yaml()
}
