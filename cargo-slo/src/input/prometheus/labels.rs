//! The labels of a series.

use serde::{Deserialize, Deserializer, de};
use std::{collections::BTreeMap, fmt};

/// More labels no series and no rule has; each takes more memory than it is long.
const MAX_LABELS: usize = 250;

/// Labels by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Labels(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Labels, D::Error> {
        deserializer.deserialize_map(Few)
    }
}

/// Reads labels, as many as there can be.
struct Few;

impl<'de> de::Visitor<'de> for Few {
    type Value = Labels;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
        let mut labels = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            labels.insert(name, value);
            if labels.len() > MAX_LABELS {
                let what = format!("there are more than {MAX_LABELS} labels");
                return Err(de::Error::custom(what));
            }
        }
        Ok(Labels(labels))
    }
}

impl Labels {
    /// All of them.
    pub(crate) fn into_all(self) -> BTreeMap<String, String> {
        self.0
    }

    /// Their names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A label by its name with underscores, also where Prometheus kept the dots; `None` if
    /// it is empty, as that is the same as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let is_it = |label: &&String| label.replace('.', "_") == name;
        let label = self.0.keys().find(is_it)?;
        Some(self.0[label].as_str()).filter(|value| !value.is_empty())
    }

    /// The name of the service: `service.name`, or what stands for it in `job`.
    pub(crate) fn service(&self) -> Option<&str> {
        let job = || self.get("job")?.rsplit('/').next();
        self.get("service_name").or_else(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_jobs() {
        let labels = |text| serde_json::from_str::<Labels>(text).unwrap();
        let dotted = labels(r#"{"service.name": "orders", "slo.journey": "checkout", "job": "x"}"#);
        assert_eq!(dotted.get("slo_journey"), Some("checkout"));
        assert_eq!(dotted.service(), Some("orders"));
        let scraped = labels(r#"{"job": "shop/orders", "slo_endpoint": ""}"#);
        assert_eq!(
            (scraped.service(), scraped.get("slo_endpoint")),
            (Some("orders"), None)
        );
        assert_eq!(labels("{}").service(), None);
        let many: Vec<_> = (0..300).map(|n| format!("\"l{n}\": \"\"")).collect();
        assert!(serde_json::from_str::<Labels>(&format!("{{{}}}", many.join(","))).is_err());
    }
}
