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
    #[command(flatten)]
    spelling: SpellingOptions,
    /// How many days samples are kept where the rules are evaluated
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_RETENTION_DAYS)]
    retention: u16,
}

/// What series are called where rules look for them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How the outputs are used")]
pub(super) struct SpellingOptions {
    /// Where metrics are kept and rules evaluated: names and labels are as they are there by default
    /// [default: prometheus]
    #[arg(long, value_enum, value_name = "STORE")]
    store: Option<StoreOption>,
    /// How metric names reach the store, Prometheus' `otlp.translation_strategy` [default: as in the
    /// store]
    #[arg(long, value_enum, value_name = "HOW")]
    names: Option<NamesOption>,
    /// The label that says which service a series belongs to [default: as in the store]
    #[arg(long, value_enum, value_name = "LABEL")]
    service_label: Option<ServiceLabelOption>,
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

impl SpellingOptions {
    /// The first of them that is given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            self.store.map(|_| "--store"),
            self.names.map(|_| "--names"),
            self.service_label.map(|_| "--service-label"),
        ];
        given.into_iter().flatten().next()
    }

    fn store(&self) -> Store {
        match self.store {
            Some(StoreOption::Prometheus) | None => Store::Prometheus,
            Some(StoreOption::Mimir) => Store::Mimir,
            Some(StoreOption::VictoriaMetrics) => Store::VictoriaMetrics,
            Some(StoreOption::Thanos) => Store::Thanos,
        }
    }

    /// How names are spelt, and which label says whose a series is.
    pub(super) fn spelling(&self) -> (Names, ServiceLabel) {
        let (names, service_label) = self.store().spelling();
        let names = self.names.map_or(names, |names| match names {
            NamesOption::Suffixes => Names::Suffixes,
            NamesOption::WithoutSuffixes => Names::WithoutSuffixes,
            NamesOption::Utf8Suffixes => Names::Utf8Suffixes,
            NamesOption::Utf8 => Names::Utf8,
        });
        let label = self
            .service_label
            .map_or(service_label, |label| match label {
                ServiceLabelOption::Job => ServiceLabel::Job,
                ServiceLabelOption::ServiceName => ServiceLabel::ServiceName,
            });
        (names, label)
    }
}

impl UseOfOutputs {
    pub(super) fn settings(&self) -> Settings {
        let (names, service_label) = self.spelling.spelling();
        Settings {
            store: self.spelling.store(),
            namespace: None,
            mode: match self.mode {
                ModeOption::PerSlo => Mode::PerSlo,
                ModeOption::Universal => Mode::Universal,
            },
            names,
            service_label,
            retention_days: self.retention,
        }
    }
}
