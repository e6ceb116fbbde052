//! What a running Prometheus says: the rules it evaluates, and what services export about
//! themselves.

use super::{
    Rules, Side, SourceError, State, from_rules,
    rules::{Rule, target},
};
use crate::input::prometheus::{Labels, Prometheus, Step};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Whatever way the names reached Prometheus.
const OBJECTIVES: &str = r#"{__name__=~"slo[._]objective(_ratio)?"}"#;
const INFOS: &str = r#"{__name__=~"slo[._]info"}"#;

/// The way to the rules of an answer.
const RULES: &[Step] = &[
    Step::Key("groups"),
    Step::Each,
    Step::Key("rules"),
    Step::Each,
];

/// What an item takes in memory beside its texts, in bytes, and each of its labels.
const ITEM_BYTES: usize = 320;
const LABEL_BYTES: usize = 50;

/// A rule as Prometheus tells it.
#[derive(Deserialize)]
struct Told {
    name: String,
    query: String,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    labels: Labels,
    #[serde(default)]
    annotations: Labels,
}

/// Returns the side of a Prometheus.
///
/// # Errors
/// If it can't be reached, or answers nothing that Prometheus would.
pub fn from_prometheus(prometheus: &Prometheus) -> Result<Side, SourceError> {
    let mut rules = Rules::default();
    prometheus.get("api/v1/rules", &[], RULES, &mut |told: Told| {
        if !Rule::is_ours(&told.name) {
            return 0;
        }
        let rule = Rule {
            name: told.name,
            expr: told.query,
            held_for: milliseconds(told.duration),
            labels: told.labels.into_all(),
            annotations: told.annotations.into_all(),
        };
        let texts = |all: &BTreeMap<String, String>| -> usize {
            all.iter().map(|(name, text)| name.len() + text.len()).sum()
        };
        let kept = ITEM_BYTES
            + rule.name.len()
            + rule.expr.len()
            + (rule.labels.len() + rule.annotations.len()) * LABEL_BYTES
            + texts(&rule.labels)
            + texts(&rule.annotations);
        rules.add(rule);
        kept
    })?;
    let mut side = from_rules(rules);
    side.is_shared = true;

    let mut slos: BTreeMap<String, State> = BTreeMap::new();
    prometheus.query(OBJECTIVES, |sample| {
        let Some((of, sli)) = definition(&sample.metric).zip(sample.metric.get("slo_sli")) else {
            return 0;
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
        let kept = 2 * ITEM_BYTES + of.len() + exported.owner.as_ref().map_or(0, String::len);
        let known = slos.len();
        let state = slos.entry(format!("{of}.{sli}")).or_default();
        // Pods of two versions while one is deployed: the strictest target counts.
        if exported.target >= state.target {
            *state = exported;
        }
        if slos.len() > known { kept } else { 0 }
    })?;
    let mut hashes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    prometheus.query(INFOS, |sample| {
        let Some((of, hash)) = definition(&sample.metric).zip(sample.metric.get("slo_hash")) else {
            return 0;
        };
        let kept = 2 * ITEM_BYTES + of.len() + hash.len();
        match hashes.entry(of).or_default().insert(hash.to_owned()) {
            true => kept,
            false => 0,
        }
    })?;
    side.merge(Side {
        slos: (!slos.is_empty()).then_some(slos),
        // A Prometheus that only evaluates rules hears of no service.
        hashes: (!hashes.is_empty()).then_some(hashes),
        ..Side::default()
    });
    Ok(side)
}

/// Seconds in milliseconds; `None` if they are not a duration.
fn milliseconds(seconds: f64) -> Option<u64> {
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    u64::try_from(duration.as_millis()).ok()
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
