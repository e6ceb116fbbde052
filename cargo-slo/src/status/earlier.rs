//! What was before: windows that ended, SLOs whose series stopped, processes that ended.

use super::{
    growth::process,
    recorded::{Counted, Key, Question, Sides, Store},
};
use crate::input::{http::AskError, prometheus::Sample};
use std::collections::BTreeMap;

/// How far back processes that ended are looked for, in hours.
pub const ENDED_HOURS: u32 = 24;

/// The instrument that says how many events are in flight, whatever way its name reached the store.
const IN_FLIGHT: &str = "slo[._]in_flight";

/// Events that were in flight when their processes exported last: of each endpoint of each job, by
/// process.
pub type InFlight = BTreeMap<(String, String), BTreeMap<String, u64>>;

/// SLOs whose earlier windows are asked for.
#[derive(Debug)]
pub(super) struct Windows {
    /// The length of the window in days.
    pub(super) days: u32,
    /// How many windows before the one that ends now.
    pub(super) count: u32,
    /// The SLOs.
    pub(super) slos: Vec<String>,
}

impl Store<'_> {
    /// Asks when the last full hour ended that was counted of some SLOs, in seconds since 1970, as far
    /// back as a number of seconds.
    pub(super) fn last_hours(
        &self,
        slos: &[String],
        seconds: i64,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<String, i64>, AskError> {
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        if slos.is_empty() {
            return Ok(last);
        }
        let good = "slo_outcome=\"good\"".to_owned();
        let selector = self.of_slos("slo:events:count1h", slos, &[good]);
        let stretch = (self.now_ms() - seconds * 1000, self.now_ms());
        let about = "hours of SLOs without a window";
        self.samples(about, &selector, stretch, asked, |series| {
            let slo = series.metric.get("slo");
            if let (Some(slo), Some((moment, _))) = (slo, series.values.last()) {
                #[expect(clippy::cast_possible_truncation, reason = "casts stop at the limits")]
                let hour = (moment.floor() as i64).div_euclid(3600) * 3600;
                let latest = last.entry(slo.to_owned()).or_insert(hour);
                *latest = hour.max(*latest);
            }
        })?;
        Ok(last)
    }

    /// Asks for the windows before those that end now, the latest first.
    pub(super) fn earlier_windows(
        &self,
        windows: &[Windows],
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, Vec<Option<Counted>>>, AskError> {
        let mut parts = Vec::new();
        for Windows { days, count, slos } in windows {
            let selector = self.of_slos("slo:events:sum_window", slos, &[]);
            parts.extend((1..=*count).map(|ago| {
                let offset = ago * days;
                format!(
                    "label_replace({selector} offset {offset}d, \"ago\", \"{ago}\", \"\", \"\")"
                )
            }));
        }
        if parts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = parts.join(" or ");
        let mut sides: BTreeMap<(Key, usize), Sides> = BTreeMap::new();
        self.each(&query, |key, sample| {
            let ago = sample.metric.get("ago").and_then(|ago| ago.parse().ok());
            if let Some(ago) = ago {
                let outcome = sample.metric.get("slo_outcome").unwrap_or_default();
                let value = sample.text().parse().unwrap_or(f64::NAN);
                sides.entry((key, ago)).or_default().add(outcome, value);
            }
        })?;
        asked.push(Question {
            about: "windows before this one",
            query,
        });
        let mut earlier: BTreeMap<Key, Vec<Option<Counted>>> = BTreeMap::new();
        for ((key, ago), sides) in sides {
            let windows = earlier.entry(key).or_default();
            windows.resize_with(ago.max(windows.len()), || None);
            if let Some(window) = ago.checked_sub(1).and_then(|n| windows.get_mut(n)) {
                *window = Some(sides.counts());
            }
        }
        Ok(earlier)
    }

    /// Asks for what was in flight when processes exported last that export no longer.
    pub(super) fn ended_in_flight(&self, asked: &mut Vec<Question>) -> Result<InFlight, AskError> {
        let selector = self.named(IN_FLIGHT, &[]);
        let query = format!("(last_over_time({selector}[{ENDED_HOURS}h]) unless {selector}) > 0");
        let mut ended = InFlight::new();
        self.prometheus
            .query_at(&query, self.now_ms(), |sample: Sample| {
                let labels = &sample.metric;
                let Some(endpoint) = labels.get("slo_endpoint") else {
                    return 0;
                };
                let of = (Key::job_of(labels), endpoint.to_owned());
                let bytes = of.0.len() + of.1.len();
                let process = process(labels);
                let kept = bytes + process.len() + super::recorded::ITEM_BYTES;
                let events = super::recorded::count(sample.text().parse().unwrap_or(f64::NAN));
                ended
                    .entry(of)
                    .or_default()
                    .insert(process, events.unwrap_or(0));
                kept
            })?;
        asked.push(Question {
            about: "in flight when processes ended",
            query,
        });
        Ok(ended)
    }
}
