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

/// What is kept takes so many bytes beside its texts, as tests measure it.
const RULE_BYTES: usize = 300;
/// Five labels: a node of their map, which may be half empty.
const FIVE_LABELS_BYTES: usize = 600;
const ANNOTATION_BYTES: usize = 50;
const SLO_BYTES: usize = 260;
const HASH_BYTES: usize = 430;

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
        let kept = kept_bytes(&rule);
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
        // Its name is that of the definition and of the SLI.
        let texts = of.len() + 1 + sli.len();
        let kept = SLO_BYTES + texts + exported.owner.as_ref().map_or(0, String::len);
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
        let kept = HASH_BYTES + of.len() + hash.len();
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

/// What a rule takes in memory.
fn kept_bytes(rule: &Rule) -> usize {
    let texts = |all: &BTreeMap<String, String>| -> usize {
        all.iter().map(|(name, text)| name.len() + text.len()).sum()
    };
    // The name of its SLO is kept a second time.
    let slo = rule.labels.get("slo").map_or(0, String::len);
    RULE_BYTES
        + rule.labels.len().div_ceil(5) * FIVE_LABELS_BYTES
        + rule.annotations.len() * ANNOTATION_BYTES
        + rule.name.len()
        + rule.expr.len()
        + slo
        + texts(&rule.labels)
        + texts(&rule.annotations)
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

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;

    /// Holds where what is said to be kept is at least what is, and at most twice as much.
    #[track_caller]
    fn is_about(told: usize, taken: i64, what: &str) {
        let taken = usize::try_from(taken).unwrap();
        assert!(
            (taken..=2 * taken).contains(&told),
            "{what}: {told} for {taken} bytes"
        );
    }

    #[test]
    fn rules_take_as_much_as_is_said() {
        for (labels, annotations) in [(0, 0), (1, 0), (6, 2), (11, 6), (12, 0), (40, 40)] {
            let texts = |count: usize| -> BTreeMap<String, String> {
                let texts = (0..count).map(|n| (format!("name_{n}"), "a text".to_owned()));
                texts.collect()
            };
            let (mut rules, mut told) = (Rules::default(), 0);
            let taken = measure(|| {
                for n in 0..2_000 {
                    let mut labels = texts(labels);
                    if !labels.is_empty() {
                        labels.remove("name_0");
                        labels.insert("slo".to_owned(), format!("orders/step-{n}.availability"));
                    }
                    let rule = Rule {
                        name: format!("slo:burn_rate:ratio{n}"),
                        expr: "sum(rate(x[5m]))".to_owned(),
                        held_for: None,
                        labels,
                        annotations: texts(annotations),
                    };
                    told += kept_bytes(&rule);
                    rules.add(rule);
                }
            });
            let what = format!("{labels} labels, {annotations} annotations");
            is_about(told, taken.bytes_current, &what);
        }
    }

    #[test]
    fn slos_and_hashes_take_as_much_as_is_said() {
        let definitions: Vec<_> = (0..5_000).map(|n| format!("orders/step-{n}")).collect();
        let mut slos = BTreeMap::new();
        let taken = measure(|| {
            for of in &definitions {
                let state = State {
                    owner: Some("team-orders".to_owned()),
                    ..State::default()
                };
                slos.insert(format!("{of}.availability"), state);
            }
        });
        let texts: usize = slos
            .keys()
            .map(|name| name.len() + "team-orders".len())
            .sum();
        is_about(5_000 * SLO_BYTES + texts, taken.bytes_current, "SLOs");

        let mut hashes = BTreeMap::<_, BTreeSet<_>>::new();
        let taken = measure(|| {
            for of in &definitions {
                let of_one = hashes.entry(of.clone()).or_default();
                of_one.insert("0123456789abcdef".to_owned());
            }
        });
        let texts: usize = hashes.keys().map(|name| name.len() + 16).sum();
        is_about(5_000 * HASH_BYTES + texts, taken.bytes_current, "hashes");
    }
}
