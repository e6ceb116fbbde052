//! What rules recorded of whole windows, and of how much of a window.

use super::recorded::{Counted, Key, Question, Sides, Store, count};
use crate::input::http::AskError;
use slo_model::Window;
use std::collections::BTreeMap;

/// Events by the window that rules count over, as they write it: `30d`.
pub type Windows = BTreeMap<String, Counted>;

/// What is counted over the window of an SLO. Events of another window are not part of it: its definition
/// was changed, and the rules were not, or not yet.
pub(super) fn of_window(windows: &Windows, window: Window) -> Counted {
    // Rules of somebody's own may not say how long their window is.
    let own = windows.get(&window.to_string()).or_else(|| windows.get(""));
    own.cloned().unwrap_or_else(|| {
        let others: Vec<_> = windows.keys().map(String::as_str).collect();
        Err(format!(
            "its rules count over a window of {}, its definition says {window}: it is known once rules of \
             this definition are evaluated",
            others.join(" and ")
        ))
    })
}

impl Store<'_> {
    /// Good and bad events of the whole windows.
    pub(super) fn windows(
        &self,
        query: String,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, Windows>, AskError> {
        let mut sides: BTreeMap<Key, BTreeMap<String, Sides>> = BTreeMap::new();
        self.each(&query, |key, sample| {
            let label = |name| sample.metric.get(name).unwrap_or_default();
            let value = sample.text().parse().unwrap_or(f64::NAN);
            let windows = sides.entry(key).or_default();
            let window = windows.entry(label("slo_window").to_owned()).or_default();
            window.add(label("slo_outcome"), value);
        })?;
        asked.push(Question {
            about: "events of the window",
            query,
        });
        let counted = |windows: BTreeMap<String, Sides>| {
            let counted = windows
                .into_iter()
                .map(|(name, sides)| (name, sides.counts()));
            counted.collect()
        };
        let windows = sides
            .into_iter()
            .map(|(key, windows)| (key, counted(windows)));
        Ok(windows.collect())
    }

    /// Asks of how many full hours something is recorded, of some SLOs in some days.
    ///
    /// # Errors
    /// If the store can't be asked.
    pub(super) fn full_hours(
        &self,
        slos: &[String],
        days: u32,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, u64>, AskError> {
        let good = "slo_outcome=\"good\"".to_owned();
        let hours = self.of_slos("slo:events:count1h", slos, &[good]);
        // An evaluation that was skipped moves an hour by minutes, also across the start of the window.
        let minutes = days * 1440 + 5;
        let query = format!("count_over_time({hours}[{minutes}m])");
        let mut found = BTreeMap::new();
        self.each(&query, |key, sample| {
            let hours = count(sample.text().parse().unwrap_or(f64::NAN)).unwrap_or(0);
            let most = found.entry(key).or_insert(hours);
            *most = hours.max(*most);
        })?;
        asked.push(Question {
            about: "full hours that are recorded",
            query,
        });
        Ok(found)
    }
}
