//! How the names of the telemetry contract are spelt in a store.

use super::fetch::{EVENTS, spelt};
use crate::input::{
    http::AskError,
    prometheus::{Labels, Prometheus},
};
use std::collections::{BTreeMap, BTreeSet};

/// More names of one instrument no store has.
const MAX_NAMES: usize = 16;

/// How a series of events is called: what the store made of `slo.events` and `service.name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// Dots stayed dots.
    pub has_dots: bool,
    /// A counter ends in `_total`.
    pub has_suffixes: bool,
    /// The label `job` says whose it is, else `service.name`.
    pub has_job: bool,
}

impl Spelling {
    /// That of a series with this name and these labels.
    pub(super) fn of(name: &str, labels: &Labels) -> Spelling {
        Spelling {
            has_dots: name.contains('.'),
            has_suffixes: name.ends_with("_total"),
            has_job: labels.get("job").is_some(),
        }
    }
}

/// Asks a store how it spells the events of each service, by those of the hour before a moment in
/// milliseconds since 1970. All series meet the matchers.
///
/// # Errors
/// If it can't be asked.
pub fn spellings(
    prometheus: &Prometheus,
    matchers: &str,
    moment: i64,
) -> Result<BTreeMap<String, BTreeSet<Spelling>>, AskError> {
    let counted = |by: &str, name: &str| {
        let comma = if matchers.is_empty() { "" } else { "," };
        format!("count by ({by}) (last_over_time({{__name__{name}{comma}{matchers}}}[1h]))")
    };
    let mut names = BTreeSet::new();
    let query = counted("__name__", &format!("=~{EVENTS:?}"));
    prometheus.query_at(&query, moment, |sample| {
        let name = sample.metric.get("__name__");
        names.extend(name.filter(|_| names.len() < MAX_NAMES).map(str::to_owned));
        0
    })?;
    let mut found: BTreeMap<String, BTreeSet<Spelling>> = BTreeMap::new();
    for name in &names {
        let by = spelt(name, &["job", "service.name"]);
        let query = counted(&by, &format!("={name:?}"));
        prometheus.query_at(&query, moment, |sample| {
            let Some(service) = sample.metric.service() else {
                return 0;
            };
            let known = found.len();
            let spelling = Spelling::of(name, &sample.metric);
            found
                .entry(service.to_owned())
                .or_default()
                .insert(spelling);
            (found.len() - known) * (service.len() + 100)
        })?;
    }
    Ok(found)
}
