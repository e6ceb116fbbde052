//! What a store has of the counts that were sent, under whatever names.

use crate::input::{
    http::AskError,
    prometheus::{Prometheus, Series},
};
use std::collections::{BTreeMap, BTreeSet};

/// Labels in which something of a check may stand.
const LABELS: [&str; 8] = [
    "slo_journey",
    "slo_endpoint",
    "job",
    "service_name",
    "instance",
    "service_instance_id",
    "exported_job",
    "exported_instance",
];

/// The same where dots stay dots.
const DOTTED: [&str; 4] = [
    "slo.journey",
    "slo.endpoint",
    "service.name",
    "service.instance.id",
];

/// Most series that are looked at, many times as many as are sent.
const MAX_SERIES: usize = 5000;

/// Samples are looked for from so long before the first export on, in milliseconds: clocks differ.
const BEFORE_MS: i64 = 60_000;

/// A series in a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    /// Its samples, in their order.
    pub(super) values: Vec<f64>,
}

impl Stored {
    /// What it is now.
    pub(super) fn last(&self) -> Option<f64> {
        self.values.last().copied()
    }
}

/// Questions to a store about one check.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    pub(super) prometheus: &'a Prometheus,
    /// What only this check has in its names.
    pub(super) id: &'a str,
    /// Matchers that all series have to meet; nothing for none.
    pub(super) matchers: &'a str,
    /// When the first export was sent, in milliseconds since 1970.
    pub(super) since: i64,
    /// The store can't be asked for names with dots, so it has none.
    pub(super) knows_no_dots: bool,
    /// Durations can't be read as numbers.
    pub(super) has_native_histograms: bool,
}

impl Asking<'_> {
    /// All series that show anything of the check, each once.
    ///
    /// # Errors
    /// If the store gives no answer that can be trusted.
    pub(super) fn stored(&mut self, now: i64) -> Result<Vec<Stored>, AskError> {
        let mut all = BTreeMap::new();
        for label in LABELS {
            self.with_label(label, now, &mut all)?;
        }
        if !self.knows_no_dots {
            for label in DOTTED {
                // Before version 3, Prometheus can neither read such a name nor have it.
                if self
                    .with_label(&format!("{label:?}"), now, &mut all)
                    .is_err()
                {
                    self.knows_no_dots = true;
                    break;
                }
            }
        }
        Ok(all.into_values().collect())
    }

    fn with_label(&mut self, label: &str, now: i64, all: &mut Found) -> Result<(), AskError> {
        if !self.has_native_histograms {
            match self.ask(label, "", now, all) {
                Err(error) if error.what.contains("missing field `values`") => {
                    self.has_native_histograms = true;
                }
                answered => return answered,
            }
        }
        self.ask(label, ",__name__!~\".*duration.*\"", now, all)
    }

    fn ask(&self, label: &str, more: &str, now: i64, all: &mut Found) -> Result<(), AskError> {
        let comma = if self.matchers.is_empty() { "" } else { "," };
        let selector = format!(
            "{{{label}=~\".*{}.*\"{more}{comma}{}}}",
            self.id, self.matchers
        );
        let length = now - self.since + BEFORE_MS;
        self.prometheus
            .samples(&selector, length, now, |series: Series| {
                let mut labels = series.metric.into_all();
                let name = labels.remove("__name__").unwrap_or_default();
                let bytes = labels.iter().map(|(key, value)| key.len() + value.len());
                let bytes = bytes.sum::<usize>() + 16 * series.values.len();
                if all.len() < MAX_SERIES {
                    let values = series.values.iter().map(|(_, value)| *value).collect();
                    let key = (name.clone(), labels.clone());
                    all.insert(
                        key,
                        Stored {
                            name,
                            labels,
                            values,
                        },
                    );
                }
                2 * bytes
            })
    }
}

type Found = BTreeMap<(String, BTreeMap<String, String>), Stored>;

/// The names of the labels that tell series apart.
pub(super) fn differing(series: &[&Stored]) -> Vec<String> {
    let names: BTreeSet<&String> = series.iter().flat_map(|one| one.labels.keys()).collect();
    let differs = |name: &&&String| {
        let values: BTreeSet<_> = series.iter().map(|one| one.labels.get(**name)).collect();
        values.len() > 1
    };
    names
        .iter()
        .filter(differs)
        .map(|name| (*name).clone())
        .collect()
}
