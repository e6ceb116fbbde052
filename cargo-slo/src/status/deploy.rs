//! What was spent since the last deployment.
//!
//! A deployment begins with the first process of a version that no earlier process had. A version is
//! `service.version`, a label of its series or of `target_info`; without it, a restarted process
//! can't be told from a new version, so nothing is said.

use super::{
    growth::{Begun, is_of, milliseconds, process},
    recorded::{Key, Question, Store},
};
use crate::{
    input::{http::AskError, prometheus::Labels},
    text::promql::quoted,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// How far back processes of earlier versions are looked for, in seconds: a week.
const LOOKBACK: i64 = 7 * 86_400;

/// What was counted since the newest version was deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SinceDeploy {
    /// The newest version.
    pub version: String,
    /// When its first process began, in seconds since 1970.
    pub since: i64,
    /// Good events since then, of all versions, to the minute.
    pub good: u64,
    /// Bad events since then, of all versions.
    pub bad: u64,
    /// How many times as fast as sustainable the budget is spent since then; nothing without an event.
    pub burn_rate: Option<f64>,
}

/// The versions of processes.
#[derive(Debug, Default)]
pub(super) struct Versions(BTreeMap<String, String>);

impl Versions {
    /// Returns the version of the process that a series is of.
    pub(super) fn of(&self, labels: &Labels) -> Option<String> {
        let own = labels.get("service_version").map(str::to_owned);
        own.or_else(|| self.0.get(&process(labels)).cloned())
    }
}

/// The matchers that find the series of a job: its label, or any where there are no jobs.
fn of_job(job: &str) -> [Vec<String>; 2] {
    [vec![format!("job={}", quoted(job))], Vec::new()]
}

/// Asks for the versions of the processes of a job that ran in some seconds before a moment.
pub(super) fn versions(
    store: &Store<'_>,
    job: &str,
    seconds: i64,
    moment: i64,
    asked: &mut Vec<Question>,
) -> Result<Versions, AskError> {
    let mut versions = Versions::default();
    for matchers in of_job(job) {
        let info = store.named("target[._]info", &matchers);
        let query = format!("last_over_time({info}[{seconds}s])");
        store.values_at(
            "versions of processes",
            query,
            moment,
            asked,
            |labels, _| {
                if let Some(version) = labels.get("service_version").filter(|_| is_of(labels, job))
                {
                    versions.0.insert(process(labels), version.to_owned());
                }
            },
        )?;
        if !versions.0.is_empty() {
            break;
        }
    }
    Ok(versions)
}

/// Asks which version of a job is the newest, and when its first process began, in milliseconds since
/// 1970; `None` if no version is known.
pub(super) fn newest(
    store: &Store<'_>,
    key: &Key,
    asked: &mut Vec<Question>,
) -> Result<Option<(String, i64)>, AskError> {
    let versions = versions(store, &key.job, LOOKBACK, store.now_ms(), asked)?;
    let mut begun = Begun::new();
    let mut own = BTreeMap::new();
    for matchers in of_job(&key.job) {
        let start = store.named("slo[._]start_time(_seconds)?", &matchers);
        let query = format!("last_over_time({start}[{LOOKBACK}s])");
        store.values_at(
            "when processes began",
            query,
            store.now_ms(),
            asked,
            |labels, value| {
                if let Some(version) = versions.of(labels).filter(|_| is_of(labels, &key.job)) {
                    begun.insert(process(labels), milliseconds(value));
                    own.insert(process(labels), version);
                }
            },
        )?;
        if !begun.is_empty() {
            break;
        }
    }
    Ok(newest_of(&begun, &own))
}

/// The version whose first process began last.
fn newest_of(begun: &Begun, versions: &BTreeMap<String, String>) -> Option<(String, i64)> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for (process, began) in begun {
        if let Some(version) = versions.get(process) {
            let earliest = first.entry(version).or_insert(*began);
            *earliest = (*began).min(*earliest);
        }
    }
    let newest = first.into_iter().max_by_key(|(_, began)| *began)?;
    Some((newest.0.to_owned(), newest.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_not_a_deployment() {
        let processes = [
            ("a", "1.2", 100),
            ("b", "1.3", 200),
            ("c", "1.3", 300),
            ("d", "1.2", 400),
        ];
        let begun = processes
            .map(|(id, _, began)| (id.to_owned(), began))
            .into();
        let versions = processes.map(|(id, version, _)| (id.to_owned(), version.to_owned()));
        // The newest process has the old version, which began before.
        let newest = newest_of(&begun, &versions.into());
        assert_eq!(newest, Some(("1.3".to_owned(), 200)));
        assert_eq!(newest_of(&begun, &BTreeMap::new()), None);
    }
}
