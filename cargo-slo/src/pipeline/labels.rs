//! Which label of a stored series shows an attribute that was sent.

use super::{
    asked::Stored,
    probe::{Probe, Sent},
    spelling::plain,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const SERVICE: &str = "service.name";
pub(super) const INSTANCE: &str = "service.instance.id";

/// The values that each attribute was sent with.
#[derive(Debug)]
pub(super) struct Known(BTreeMap<&'static str, BTreeSet<String>>);

impl Known {
    pub(super) fn new(probe: &Probe) -> Known {
        let mut known: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for sent in &probe.series {
            for attribute in attributes(sent) {
                let value = probe.value(sent, attribute);
                known.entry(attribute).or_default().extend(value);
            }
        }
        Known(known)
    }

    /// The value of an attribute that a text is.
    fn value(&self, attribute: &str, text: &str) -> Option<&str> {
        let mut values = self.0.get(attribute)?.iter();
        let is_it = |value: &&String| match attribute {
            // `job` is made of both.
            SERVICE => text.rsplit('/').next() == Some(value),
            "slo.threshold" => text.parse::<f64>().ok() == value.parse().ok(),
            _ => text == *value,
        };
        values.find(is_it).map(String::as_str)
    }

    /// The label of a series that shows an attribute, with the value that was sent: one that a rule would
    /// look at, else any other.
    pub(super) fn shown<'a>(
        &'a self,
        stored: &'a Stored,
        attribute: &str,
    ) -> Option<(&'a str, &'a str)> {
        let of = |label: &'a str| Some((label, self.value(attribute, stored.labels.get(label)?)?));
        let usual = usual(attribute);
        let names = || stored.labels.keys().map(String::as_str);
        let first = usual
            .iter()
            .find_map(|usual| names().find(|name| name == usual).and_then(of));
        let is_usual = |name: &str| {
            let all = self.0.keys();
            all.clone()
                .any(|known| self::usual(known).iter().any(|usual| usual == name))
        };
        first.or_else(|| names().filter(|name| !is_usual(name)).find_map(of))
    }
}

/// The attributes of a series, with those of its process.
pub(super) fn attributes(sent: &Sent) -> impl Iterator<Item = &'static str> + use<'_> {
    let own = sent.instrument.attributes.iter().copied();
    [SERVICE, INSTANCE].into_iter().chain(own)
}

/// The labels in which rules look for an attribute, those of Prometheus' own first.
pub(super) fn usual(attribute: &str) -> Vec<String> {
    let own = match attribute {
        SERVICE => Some("job"),
        INSTANCE => Some("instance"),
        _ => None,
    };
    let own = own.map(str::to_owned);
    own.into_iter()
        .chain([plain(attribute), attribute.to_owned()])
        .collect()
}
