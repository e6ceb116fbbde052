//! How the systems that read the outputs are set up, as options.

use crate::outputs::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
use clap::{Args, ValueEnum};

/// Options that say where the outputs are used.
#[derive(Debug, Args)]
#[command(next_help_heading = "How the outputs are used")]
pub(super) struct UseOfOutputs {
    /// Whether each SLO has rules of its own
    #[arg(long, value_enum, value_name = "MODE", default_value = "per-slo")]
    mode: ModeOption,
    /// How metric names reach Prometheus, its `otlp.translation_strategy`
    #[arg(long, value_enum, value_name = "HOW", default_value = "suffixes")]
    names: NamesOption,
    /// The label that says which service a series belongs to
    #[arg(long, value_enum, value_name = "LABEL", default_value = "job")]
    service_label: ServiceLabelOption,
    /// How many days samples are kept where the rules are evaluated
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_RETENTION_DAYS)]
    retention: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeOption {
    /// One rule file per service, every rule of every SLO written out
    PerSlo,
    /// One rule file for all services, of the same size for any number of SLOs
    Universal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum NamesOption {
    /// slo_events_total: underscores, with suffixes
    Suffixes,
    /// slo_events: underscores, without suffixes
    WithoutSuffixes,
    /// slo.events_total: as exported, with suffixes; needs Prometheus 3
    Utf8Suffixes,
    /// slo.events: as exported; needs Prometheus 3
    Utf8,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ServiceLabelOption {
    /// service.namespace/service.name, as Prometheus receives it over OTLP
    Job,
    /// service.name as a label of its own
    #[value(name = "service_name", alias = "service-name")]
    ServiceName,
}

impl UseOfOutputs {
    pub(super) fn settings(&self) -> Settings {
        Settings {
            namespace: None,
            mode: match self.mode {
                ModeOption::PerSlo => Mode::PerSlo,
                ModeOption::Universal => Mode::Universal,
            },
            names: match self.names {
                NamesOption::Suffixes => Names::Suffixes,
                NamesOption::WithoutSuffixes => Names::WithoutSuffixes,
                NamesOption::Utf8Suffixes => Names::Utf8Suffixes,
                NamesOption::Utf8 => Names::Utf8,
            },
            service_label: match self.service_label {
                ServiceLabelOption::Job => ServiceLabel::Job,
                ServiceLabelOption::ServiceName => ServiceLabel::ServiceName,
            },
            retention_days: self.retention,
        }
    }
}
