//! How the systems that read the outputs are set up, as options.

use crate::outputs::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings, Store};
use clap::{Args, ValueEnum};

/// Options that say where the outputs are used.
#[derive(Debug, Args)]
#[command(next_help_heading = "How the outputs are used")]
pub(super) struct UseOfOutputs {
    /// Whether each SLO has rules of its own
    #[arg(long, value_enum, value_name = "MODE", default_value = "per-slo")]
    mode: ModeOption,
    /// Where metrics are kept and rules evaluated: names and labels are as they are there by default
    #[arg(long, value_enum, value_name = "STORE", default_value = "prometheus")]
    store: StoreOption,
    /// How metric names reach the store, Prometheus' `otlp.translation_strategy` [default: as in the
    /// store]
    #[arg(long, value_enum, value_name = "HOW")]
    names: Option<NamesOption>,
    /// The label that says which service a series belongs to [default: as in the store]
    #[arg(long, value_enum, value_name = "LABEL")]
    service_label: Option<ServiceLabelOption>,
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
enum StoreOption {
    /// slo_events_total{job="…"}: Prometheus 3 over OTLP
    Prometheus,
    /// slo_events{job="…"}: Mimir, which appends no suffixes
    Mimir,
    /// {"slo.events","service.name"="…"}: VictoriaMetrics, and groups that vmalert evaluates in stages
    #[value(name = "victoriametrics", alias = "victoria-metrics")]
    VictoriaMetrics,
    /// slo_events_total{job="…"}: Thanos Receive and Ruler
    Thanos,
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
        let store = match self.store {
            StoreOption::Prometheus => Store::Prometheus,
            StoreOption::Mimir => Store::Mimir,
            StoreOption::VictoriaMetrics => Store::VictoriaMetrics,
            StoreOption::Thanos => Store::Thanos,
        };
        let (names, service_label) = store.spelling();
        Settings {
            store,
            namespace: None,
            mode: match self.mode {
                ModeOption::PerSlo => Mode::PerSlo,
                ModeOption::Universal => Mode::Universal,
            },
            names: self.names.map_or(names, |names| match names {
                NamesOption::Suffixes => Names::Suffixes,
                NamesOption::WithoutSuffixes => Names::WithoutSuffixes,
                NamesOption::Utf8Suffixes => Names::Utf8Suffixes,
                NamesOption::Utf8 => Names::Utf8,
            }),
            service_label: self
                .service_label
                .map_or(service_label, |label| match label {
                    ServiceLabelOption::Job => ServiceLabel::Job,
                    ServiceLabelOption::ServiceName => ServiceLabel::ServiceName,
                }),
            retention_days: self.retention,
        }
    }
}
