//! The systems that keep the metrics, and what each does unless it is told otherwise.

use super::{Names, ServiceLabel};

/// A system that takes metrics over OTLP, keeps them and evaluates rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Store {
    /// Prometheus 3 with its OTLP receiver.
    #[default]
    Prometheus,
    /// Grafana Mimir with its ruler.
    Mimir,
    /// VictoriaMetrics with vmalert.
    VictoriaMetrics,
    /// Thanos Receive with Thanos Ruler.
    Thanos,
}

impl Store {
    /// Every store.
    pub const ALL: [Store; 4] = [
        Store::Prometheus,
        Store::Mimir,
        Store::VictoriaMetrics,
        Store::Thanos,
    ];

    /// Returns the name it is asked for by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Store::Prometheus => "prometheus",
            Store::Mimir => "mimir",
            Store::VictoriaMetrics => "victoriametrics",
            Store::Thanos => "thanos",
        }
    }

    /// Returns how it spells names by default, and which label says whose a series is.
    ///
    /// - Prometheus: `otlp.translation_strategy: UnderscoreEscapingWithSuffixes`; `job` and
    ///   `instance` are made of `service.*`.
    /// - Mimir: the same labels, but `-distributor.otel-metric-suffixes-enabled=false`.
    /// - VictoriaMetrics: names as they come, and every attribute of the resource as a label.
    /// - Thanos: as Prometheus.
    pub const fn spelling(self) -> (Names, ServiceLabel) {
        match self {
            Store::Prometheus | Store::Thanos => (Names::Suffixes, ServiceLabel::Job),
            Store::Mimir => (Names::WithoutSuffixes, ServiceLabel::Job),
            Store::VictoriaMetrics => (Names::Utf8, ServiceLabel::ServiceName),
        }
    }

    /// Returns the options of `generate` for series that are spelt like this: the store that does so
    /// by default, else what differs from one.
    pub fn options_for(names: Names, label: ServiceLabel) -> String {
        let mut stores = Store::ALL.into_iter();
        match stores.find(|store| store.spelling() == (names, label)) {
            Some(store) => format!("--store {}", store.as_str()),
            None => format!(
                "--names {} --service-label {}",
                names.as_str(),
                label.as_str()
            ),
        }
    }

    /// Returns `true` if a rule sees only some seconds later what the rule before it recorded:
    /// vmalert sends results away and reads them back.
    pub const fn shows_results_late(self) -> bool {
        matches!(self, Store::VictoriaMetrics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let mut names = Store::ALL.map(Store::as_str);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_spelling_has_options() {
        for (names, label, options) in [
            (Names::Suffixes, ServiceLabel::Job, "--store prometheus"),
            (Names::WithoutSuffixes, ServiceLabel::Job, "--store mimir"),
            (
                Names::Utf8,
                ServiceLabel::ServiceName,
                "--store victoriametrics",
            ),
            (
                Names::Utf8Suffixes,
                ServiceLabel::Job,
                "--names utf8-suffixes --service-label job",
            ),
        ] {
            assert_eq!(Store::options_for(names, label), options);
        }
    }
}
