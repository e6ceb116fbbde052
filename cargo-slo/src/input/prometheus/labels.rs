//! The labels of a series.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Labels by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Labels(BTreeMap<String, String>);

impl Labels {
    /// A label by its name with underscores, also where Prometheus kept the dots; nothing where
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
    }
}
