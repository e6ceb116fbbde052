//! How the systems that read the outputs are set up.

use super::Store;

/// What is not in the build: how the systems that read the outputs are set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The `service.namespace` the services run in, where it is known.
    pub namespace: Option<String>,
    /// Whether each SLO has rules of its own.
    pub mode: Mode,
    /// Where metrics are kept and rules evaluated.
    pub store: Store,
    /// How Prometheus spells the names of the telemetry contract.
    pub names: Names,
    /// Which label of a series says whose it is.
    pub service_label: ServiceLabel,
    /// How long the system that evaluates the rules keeps samples, in days.
    pub retention_days: u16,
}

/// How long Prometheus keeps samples unless it is told otherwise, in days.
pub const DEFAULT_RETENTION_DAYS: u16 = 15;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            namespace: None,
            mode: Mode::default(),
            store: Store::default(),
            names: Names::default(),
            service_label: ServiceLabel::default(),
            retention_days: DEFAULT_RETENTION_DAYS,
        }
    }
}

/// Whose rules a rule file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Every SLO has rules of its own, in one file per service.
    #[default]
    PerSlo,
    /// One set of rules serves every SLO there is, joined with what services export about
    /// themselves: its size does not depend on their number.
    Universal,
}

/// How the names of the telemetry contract reach Prometheus: its `otlp.translation_strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Names {
    /// `slo_events_total`, `slo_journey`: `UnderscoreEscapingWithSuffixes`, the default.
    #[default]
    Suffixes,
    /// `slo_events`, `slo_journey`: `UnderscoreEscapingWithoutSuffixes`.
    WithoutSuffixes,
    /// `slo.events_total`, `slo.journey`: `NoUTF8EscapingWithSuffixes`. Needs Prometheus 3.
    Utf8Suffixes,
    /// `slo.events`, `slo.journey`: `NoTranslation`. Needs Prometheus 3.
    Utf8,
}

impl Names {
    /// Every way there is.
    pub const ALL: [Names; 4] = [
        Names::Suffixes,
        Names::WithoutSuffixes,
        Names::Utf8Suffixes,
        Names::Utf8,
    ];

    /// Returns how names with these properties are spelt.
    pub const fn new(has_dots: bool, has_suffixes: bool) -> Names {
        match (has_dots, has_suffixes) {
            (false, true) => Names::Suffixes,
            (false, false) => Names::WithoutSuffixes,
            (true, true) => Names::Utf8Suffixes,
            (true, false) => Names::Utf8,
        }
    }

    /// Returns the name it is asked for by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Names::Suffixes => "suffixes",
            Names::WithoutSuffixes => "without-suffixes",
            Names::Utf8Suffixes => "utf8-suffixes",
            Names::Utf8 => "utf8",
        }
    }

    /// Returns `true` if a counter ends in `_total` and a unit is part of a name.
    pub const fn has_suffixes(self) -> bool {
        matches!(self, Names::Suffixes | Names::Utf8Suffixes)
    }

    /// Returns `true` if dots stay dots, and names are quoted.
    pub const fn is_utf8(self) -> bool {
        matches!(self, Names::Utf8Suffixes | Names::Utf8)
    }
}

/// The label that says which service a series belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ServiceLabel {
    /// `job`, which Prometheus makes of `service.namespace`, a slash and `service.name`.
    #[default]
    Job,
    /// `service_name` and `service_namespace`, where these resource attributes are promoted to
    /// labels: by `otlp.promote_resource_attributes`, or by a Collector that is scraped.
    ServiceName,
}

impl ServiceLabel {
    /// Returns the name it is asked for by.
    pub const fn as_str(self) -> &'static str {
        match self {
            ServiceLabel::Job => "job",
            ServiceLabel::ServiceName => "service_name",
        }
    }
}
