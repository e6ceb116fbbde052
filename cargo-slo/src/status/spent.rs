//! Who spent an error budget: the stretches of time in which events were bad, and whose they were.
//!
//! The minutes are those that rules recorded, so the episodes sum up to what they count. Whose they
//! were is read from the counters themselves, sample by sample. Both see an event at slightly
//! different moments, and a store may lack some series; what doesn't add up is told as such, below 0
//! too, and never spread over the others.

use super::{
    deploy::versions,
    growth::{Growth, LOOKBACK, begun, growth, milliseconds, right},
    recorded::{Key, Question, Store, count},
};
use crate::input::{http::AskError, prometheus::Labels};
use serde::Serialize;
use std::collections::BTreeMap;

/// A minute in milliseconds. Rules are evaluated at a moment of their own within a second, and what they
/// saw by then is told apart from what came after.
const MINUTE: i64 = 60_000;

/// Minutes without a bad event that end an episode.
const QUIET: i64 = 15;

/// So many episodes are looked into, those that spent most.
const EPISODES: usize = 5;

/// So many parts of a kind are told, those that spent most.
const PARTS: usize = 5;

/// Minutes so near to an end of the window, in milliseconds, may be counted in it or not: rules sum a
/// long window up at a moment of their own, by hours as far as they are whole.
const EDGE: i64 = 3_600_000 + 2 * MINUTE;

/// How far apart rules may count what happened at the same time, in milliseconds: services export once a
/// minute, and are looked at once a minute, each at a phase of its own, and what stands between delays
/// exports.
const APART: i64 = 2 * MINUTE;

/// A stretch of time in which events were bad.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Episode {
    /// The start of its first minute, in seconds since 1970.
    pub start: i64,
    /// The end of its last minute, in seconds since 1970.
    pub end: i64,
    /// Its bad events, as rules counted them.
    pub bad: u64,
    /// Its share of all bad events of the window.
    pub share: f64,
    /// Whose they were, by one kind of part after the other.
    pub by: Vec<Split>,
    /// What of the dependencies was bad in the same minutes, by their SLOs; those that had nothing are
    /// among them. Two minutes before and after belong to it: services export, and are counted, at
    /// moments of their own.
    pub dependencies: Vec<Dependency>,
}

/// The bad events of an episode by one kind of part. Parts and the rest sum up to all of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Split {
    /// `endpoint`, `result`, `consumer`, `version` or `instance`.
    pub kind: &'static str,
    /// Those that spent most.
    pub parts: Vec<Part>,
    /// Bad events that no part is known of; below 0 if the parts have more than rules counted.
    pub unattributed: i64,
}

/// One part of an episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its bad events.
    pub bad: u64,
    /// Its share of the valid events of the episode and of two minutes before it; `None` if they are not
    /// told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<f64>,
}

/// A dependency in the minutes of an episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Dependency {
    /// Its SLO.
    pub slo: String,
    /// Its bad events; `None` if the store has nothing of it.
    pub bad: Option<u64>,
}

/// What is asked about.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The SLO, and whose it is.
    pub key: &'a Key,
    /// Its former names.
    pub formerly: &'a [String],
    /// The journey.
    pub journey: &'a str,
    /// The endpoint; `None` for the journey as a whole.
    pub endpoint: Option<&'a str>,
    /// The name of the SLI.
    pub sli: &'a str,
    /// The SLOs of what its service calls.
    pub dependencies: &'a [String],
}

/// Asks who spent a budget since a moment; the episodes that spent most, the latest first. If the minutes
/// don't make up the bad events that are counted of the whole window, nobody is named, and that is said.
///
/// # Errors
/// If the store can't be asked, or answers what was not asked for.
pub fn spent(
    store: &Store<'_>,
    subject: &Subject<'_>,
    since: i64,
    counted: u64,
    asked: &mut Vec<Question>,
) -> Result<Result<Vec<Episode>, String>, AskError> {
    let mut minutes = bad_minutes(store, subject, since, asked)?;
    let within = minutes.range(since * 1000 + EDGE..=store.now_ms() - EDGE);
    let (least, most): (u64, u64) = (within.map(|(_, bad)| bad).sum(), minutes.values().sum());
    if !(least..=most).contains(&counted) {
        return Ok(Err(format!(
            "its minutes hold {most} bad events, its window {counted}"
        )));
    }
    minutes.retain(|end, _| *end > since * 1000);
    let all: u64 = minutes.values().sum();
    let mut episodes = episodes(&minutes);
    episodes.sort_by_key(|(_, _, bad)| std::cmp::Reverse(*bad));
    episodes.truncate(EPISODES);
    episodes.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut told = Vec::new();
    for (start, end, bad) in episodes {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a share needs no more than 53 bits"
        )]
        let share = bad as f64 / all as f64;
        told.push(Episode {
            start: start.div_euclid(1000),
            end: end.div_euclid(1000),
            bad,
            share,
            // What is counted in the first minute may have been exported before it.
            by: splits(store, subject, start - APART, end, bad, asked)?,
            dependencies: dependencies(store, subject, start, end, asked)?,
        });
    }
    Ok(Ok(told))
}

/// Bad events by the minute in which they were counted: when it ended, in milliseconds since 1970.
fn bad_minutes(
    store: &Store<'_>,
    subject: &Subject<'_>,
    since: i64,
    asked: &mut Vec<Question>,
) -> Result<BTreeMap<i64, u64>, AskError> {
    let mut names = subject.formerly.to_vec();
    names.push(subject.key.slo.clone());
    let outcome = "slo_outcome=\"bad\"".to_owned();
    let selector = store.of_slos("slo:events:count1m", &names, &[outcome]);
    let stretch = (since * 1000 - EDGE, store.now_ms());
    let mut minutes: BTreeMap<i64, u64> = BTreeMap::new();
    let mut wrong = None;
    store.samples(
        "bad events by the minute",
        &selector,
        stretch,
        asked,
        |series| {
            let of = |name| series.metric.get(name).unwrap_or_default();
            if of("slo_outcome") != "bad" || !names.iter().any(|name| name == of("slo")) {
                wrong = Some(format!("{selector} has series of something else"));
            }
            if Key::job_of(&series.metric) != subject.key.job {
                return;
            }
            for (moment, value) in &series.values {
                match count(*value) {
                    Some(0) => {}
                    Some(bad) => *minutes.entry(milliseconds(*moment)).or_default() += bad,
                    None => wrong = Some(format!("{value} bad events are not a count")),
                }
            }
        },
    )?;
    right(store, wrong)?;
    Ok(minutes)
}

/// Start, end and bad events of each stretch of minutes.
fn episodes(minutes: &BTreeMap<i64, u64>) -> Vec<(i64, i64, u64)> {
    let mut episodes: Vec<(i64, i64, u64)> = Vec::new();
    for (end, bad) in minutes {
        match episodes.last_mut() {
            Some(last) if end - last.1 <= QUIET * MINUTE => {
                last.1 = *end;
                last.2 += bad;
            }
            _ => episodes.push((end - MINUTE, *end, *bad)),
        }
    }
    episodes
}

fn splits(
    store: &Store<'_>,
    subject: &Subject<'_>,
    start: i64,
    end: i64,
    bad: u64,
    asked: &mut Vec<Question>,
) -> Result<Vec<Split>, AskError> {
    let begun = begun(store, start, end, asked)?;
    let seconds = (end - start + LOOKBACK) / 1000;
    let versions = versions(store, &subject.key.job, seconds, end, asked)?;
    let mut growth = |instrument: &str, about| {
        growth(
            store,
            subject,
            instrument,
            about,
            (start, end),
            &begun,
            asked,
        )
    };
    let events = growth("slo[._]events(_total)?", "events of the episode")?;
    let consumers = growth(
        "slo[._]consumer[._]events(_total)?",
        "consumers in the episode",
    )?;
    let of_sli = |growth: &&Growth| growth.labels.get("slo_sli") == Some(subject.sli);
    let mut splits = Vec::new();
    let endpoint = |labels: &Labels| labels.get("slo_endpoint").map(str::to_owned);
    if subject.endpoint.is_none() {
        splits.extend(split(
            "endpoint",
            events.iter().filter(of_sli),
            endpoint,
            bad,
        ));
    }
    // What was too slow ended well; only failures are told apart by how they ended.
    if subject.sli == slo_model::AVAILABILITY {
        let results = growth("slo[._]results(_total)?", "how events of the episode ended")?;
        let failed = |labels: &Labels| {
            let result = labels.get("slo_result")?;
            FAILED.contains(&result).then(|| result.to_owned())
        };
        let mut parts: BTreeMap<String, u64> = BTreeMap::new();
        for growth in &results {
            if let Some(result) = failed(&growth.labels) {
                *parts.entry(result).or_default() += growth.by;
            }
        }
        let parts = parts.into_iter().map(|(name, bad)| Part {
            name,
            bad,
            traffic: None,
        });
        splits.extend(told("result", parts.collect(), bad));
    }
    let consumer = |labels: &Labels| labels.get("slo_consumer").map(str::to_owned);
    splits.extend(split(
        "consumer",
        consumers.iter().filter(of_sli),
        consumer,
        bad,
    ));
    let version = |labels: &Labels| versions.of(labels);
    splits.extend(split("version", events.iter().filter(of_sli), version, bad));
    splits.extend(split(
        "instance",
        events.iter().filter(of_sli),
        instance,
        bad,
    ));
    if splits.is_empty() {
        splits.push(Split {
            kind: "instance",
            parts: Vec::new(),
            unattributed: i64::try_from(bad).unwrap_or(i64::MAX),
        });
    }
    Ok(splits)
}

/// Results that are bad for availability.
const FAILED: [&str; 5] = [
    "server_error",
    "body_error",
    "panicked",
    "timed_out",
    "marked_bad",
];

/// The process that counted, by the name that people know it by.
fn instance(labels: &Labels) -> Option<String> {
    let names = ["k8s_pod_name", "pod", "service_instance_id", "instance"];
    names
        .iter()
        .find_map(|name| labels.get(name))
        .map(str::to_owned)
}

/// Sums good and bad events up by a part of their labels.
fn split<'g>(
    kind: &'static str,
    growths: impl Iterator<Item = &'g Growth>,
    part: impl Fn(&Labels) -> Option<String>,
    bad: u64,
) -> Option<Split> {
    let mut sums: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for growth in growths {
        let side = match growth.labels.get("slo_outcome") {
            Some("good") => 0,
            Some("bad") => 1,
            _ => continue,
        };
        if let Some(name) = part(&growth.labels) {
            sums.entry(name).or_default()[side] += growth.by;
        }
    }
    let valid: u64 = sums.values().flatten().sum();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than 53 bits"
    )]
    let share = |own: u64| (valid > 0).then(|| own as f64 / valid as f64);
    let parts = sums.into_iter().map(|(name, [good, bad])| Part {
        name,
        bad,
        traffic: share(good + bad),
    });
    told(kind, parts.collect(), bad)
}

/// The parts that spent most; `None` if none is known.
fn told(kind: &'static str, mut parts: Vec<Part>, bad: u64) -> Option<Split> {
    let signed = |events: u64| i64::try_from(events).unwrap_or(i64::MAX);
    let known = parts
        .iter()
        .fold(0u64, |sum, part| sum.saturating_add(part.bad));
    parts.retain(|part| part.bad > 0);
    if parts.is_empty() {
        return None;
    }
    parts.sort_by(|a, b| (b.bad, &a.name).cmp(&(a.bad, &b.name)));
    if parts.len() > PARTS {
        let rest = parts.split_off(PARTS - 1);
        parts.push(Part {
            name: format!("{} others", rest.len()),
            bad: rest.iter().map(|part| part.bad).sum(),
            traffic: rest.iter().map(|part| part.traffic).sum(),
        });
    }
    Some(Split {
        kind,
        parts,
        unattributed: signed(bad).saturating_sub(signed(known)),
    })
}

fn dependencies(
    store: &Store<'_>,
    subject: &Subject<'_>,
    start: i64,
    end: i64,
    asked: &mut Vec<Question>,
) -> Result<Vec<Dependency>, AskError> {
    if subject.dependencies.is_empty() {
        return Ok(Vec::new());
    }
    let outcome = "slo_outcome=\"bad\"".to_owned();
    let selector = store.of_slos("slo:events:count1m", subject.dependencies, &[outcome]);
    let end = (end + APART).min(store.now_ms());
    let query = format!(
        "sum by (slo) (sum_over_time({selector}[{}ms]))",
        end - (start - APART)
    );
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let mut wrong = None;
    store.values_at(
        "dependencies in the episode",
        query,
        end,
        asked,
        |labels, value| match (labels.get("slo"), count(value)) {
            (Some(slo), Some(bad)) => drop(found.insert(slo.to_owned(), bad)),
            _ => {
                wrong = Some(format!(
                    "{value} bad events of a dependency are not a count"
                ));
            }
        },
    )?;
    right(store, wrong)?;
    let told = subject.dependencies.iter().map(|slo| Dependency {
        slo: slo.clone(),
        bad: found.get(slo).copied(),
    });
    Ok(told.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn minutes_near_each_other_are_one_episode() {
        let minutes = BTreeMap::from(
            [(10, 1), (11, 2), (11 + 15, 3), (11 + 31, 4)].map(|(n, bad)| (n * MINUTE, bad)),
        );
        let found = episodes(&minutes);
        let expected =
            [(9, 26, 6), (41, 42, 4)].map(|(start, end, bad)| (start * MINUTE, end * MINUTE, bad));
        assert_eq!(found, expected);
    }

    proptest! {
        /// Whatever the parts are, they and what is unattributed are all bad events.
        #[test]
        fn shares_sum_up_to_the_total(
            parts in proptest::collection::vec((0u64..1_000, 0u64..1_000), 1..30),
            bad in 0u64..20_000,
        ) {
            let growths: Vec<_> = parts.iter().enumerate().flat_map(|(n, (good, failed))| {
                [("good", *good), ("bad", *failed)].map(|(outcome, by)| {
                    let labels = serde_json::json!({"slo_outcome": outcome, "slo_endpoint": format!("e{n}")});
                    Growth { labels: serde_json::from_value(labels).unwrap(), by }
                })
            }).collect();
            let endpoint = |labels: &Labels| labels.get("slo_endpoint").map(str::to_owned);
            if let Some(split) = split("endpoint", growths.iter(), endpoint, bad) {
                let told: u64 = split.parts.iter().map(|part| part.bad).sum();
                prop_assert_eq!(i64::try_from(told).unwrap() + split.unattributed, i64::try_from(bad).unwrap());
                prop_assert!(split.parts.len() <= PARTS);
                prop_assert!(split.parts.windows(2).rev().skip(1).all(|two| two[0].bad >= two[1].bad));
                let traffic: f64 = split.parts.iter().filter_map(|part| part.traffic).sum();
                prop_assert!(traffic <= 1.0 + 1e-9);
            }
        }

        /// Episodes have all bad events, each once.
        #[test]
        fn episodes_have_every_minute(minutes in proptest::collection::btree_map(0i64..100_000, 1u64..100, 0..200)) {
            let found = episodes(&minutes);
            prop_assert_eq!(found.iter().map(|episode| episode.2).sum::<u64>(), minutes.values().sum::<u64>());
            prop_assert!(found.windows(2).all(|two| two[0].1 < two[1].1));
        }
    }
}
