//! What a running Prometheus says: the rules it evaluates, and what services export about
//! themselves.

use super::{
    Side, SourceError, State, from_rules,
    rules::{Group, target},
    side::Rules,
};
use crate::input::prometheus::{Labels, Prometheus};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whatever way the names reached Prometheus.
const OBJECTIVES: &str = r#"{__name__=~"slo[._]objective(_ratio)?"}"#;
const INFOS: &str = r#"{__name__=~"slo[._]info"}"#;

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

/// The side of a Prometheus.
///
/// # Errors
/// Where it can't be reached, or answers nothing that Prometheus would.
pub fn from_prometheus(prometheus: &Prometheus) -> Result<Side, SourceError> {
    let Groups { groups } = prometheus.get("api/v1/rules", &[])?;
    let mut rules = Rules::default();
    rules.add(groups);
    let mut side = from_rules(rules);

    let objectives = prometheus.query(OBJECTIVES)?;
    let infos = prometheus.query(INFOS)?;
    let mut slos: BTreeMap<String, State> = BTreeMap::new();
    for sample in objectives {
        let Some((of, sli)) = definition(&sample.metric).zip(sample.metric.get("slo_sli")) else {
            continue;
        };
        let exported = State {
            target: target(sample.text()),
            window: sample
                .metric
                .get("slo_window")
                .and_then(|window| window.parse().ok()),
            owner: sample.metric.get("slo_owner").map(str::to_owned),
            ..State::default()
        };
        let known = slos.entry(format!("{of}.{sli}")).or_default();
        // Pods of two versions while one is deployed: the strictest target counts.
        if exported.target >= known.target {
            *known = exported;
        }
    }
    let mut hashes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in infos {
        if let Some((of, hash)) = definition(&sample.metric).zip(sample.metric.get("slo_hash")) {
            hashes.entry(of).or_default().insert(hash.to_owned());
        }
    }
    side.merge(Side {
        slos: (!slos.is_empty()).then_some(slos),
        // A Prometheus that only evaluates rules hears of no service.
        hashes: (!hashes.is_empty()).then_some(hashes),
        rules: None,
    });
    Ok(side)
}

/// `service/journey` or `service/journey/endpoint`.
fn definition(labels: &Labels) -> Option<String> {
    let service = labels.service()?;
    let journey = labels.get("slo_journey")?;
    Some(match labels.get("slo_endpoint") {
        Some(endpoint) => format!("{service}/{journey}/{endpoint}"),
        None => format!("{service}/{journey}"),
    })
}
