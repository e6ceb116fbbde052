//! Alerts that fire: those of an SLO, and those about the service that it is of.

use super::recorded::{ITEM_BYTES, Key, Store};
use crate::input::{http::AskError, prometheus::Labels};
use std::collections::BTreeMap;

/// The alert that rules count nothing, as they don't see what they recorded.
pub const DELAYED: &str = "SloCountsDelayed";

/// The alert that events are in no budget.
pub const GAP: &str = "SloDataGap";

/// The alerts about services that say what no count of an SLO shows. Others whose names begin alike are
/// somebody else's.
const OF_SERVICES: [&str; 6] = [
    DELAYED,
    GAP,
    "SloDataMissing",
    "SloNotMeasured",
    "SloRunMissed",
    "SloStuck",
];

/// Alerts that fire.
#[derive(Debug, Default)]
pub struct Firing {
    of_slos: BTreeMap<Key, Vec<String>>,
    of_services: Vec<OfService>,
}

/// An alert about a service, or about all where it names none.
#[derive(Debug)]
struct OfService {
    name: String,
    severity: String,
    service: Option<String>,
    job: Option<String>,
    endpoint: Option<String>,
}

impl OfService {
    fn of(labels: &Labels) -> Option<OfService> {
        let own = |name| labels.get(name).map(str::to_owned);
        let name = own("alertname").filter(|name| OF_SERVICES.contains(&&**name))?;
        Some(OfService {
            name,
            severity: own("severity").unwrap_or_else(|| "?".to_owned()),
            service: own("slo_service"),
            job: Some(Key::job_of(labels)).filter(|job| !job.is_empty()),
            endpoint: own("slo_endpoint"),
        })
    }

    fn is_about(&self, key: &Key, endpoints: &[&str]) -> bool {
        let is = |own: Option<&str>, of: &str| own.is_none_or(|own| own == of);
        let service = key.slo.split('/').next().unwrap_or_default();
        let endpoint = self.endpoint.as_deref();
        is(self.service.as_deref(), service)
            && is(self.job.as_deref(), &key.job)
            && endpoint.is_none_or(|endpoint| endpoints.contains(&endpoint))
    }
}

impl Firing {
    /// Returns the alerts that fire for an SLO of these endpoints: severity and name.
    pub(super) fn of(&self, key: &Key, endpoints: &[&str]) -> Vec<String> {
        let mut firing = self.of_slos.get(key).cloned().unwrap_or_default();
        let about = self.of_services.iter();
        for alert in about.filter(|alert| alert.is_about(key, endpoints)) {
            push(&mut firing, &alert.severity, &alert.name);
        }
        firing
    }

    /// Returns `true` if rules don't see what they recorded, so that nothing is counted.
    pub(super) fn counts_nothing(&self, key: &Key) -> bool {
        let mut delayed = self
            .of_services
            .iter()
            .filter(|alert| alert.name == DELAYED);
        delayed.any(|alert| alert.is_about(key, &[]))
    }
}

fn push(firing: &mut Vec<String>, severity: &str, name: &str) {
    let alert = format!("{severity}: {name}");
    if !firing.contains(&alert) {
        firing.push(alert);
    }
}

impl Store<'_> {
    /// Asks for the alerts that fire.
    pub(super) fn firing(&self) -> Result<Firing, AskError> {
        let firing = [
            "alertname=~\"Slo.+\"".to_owned(),
            "alertstate=\"firing\"".to_owned(),
        ];
        let query = self.selector("ALERTS", &firing);
        let mut alerts = Firing::default();
        self.prometheus.query_at(&query, self.now_ms(), |sample| {
            let labels = &sample.metric;
            if let Some(key) = Key::of(labels) {
                let [severity, name] =
                    ["severity", "alertname"].map(|label| labels.get(label).unwrap_or("?"));
                let bytes = key.slo.len() + key.job.len() + ITEM_BYTES;
                push(alerts.of_slos.entry(key).or_default(), severity, name);
                return bytes;
            }
            match OfService::of(labels) {
                Some(alert) => {
                    alerts.of_services.push(alert);
                    ITEM_BYTES
                }
                None => 0,
            }
        })?;
        Ok(alerts)
    }
}
