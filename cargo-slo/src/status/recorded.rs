//! What rules recorded of SLOs, as a store has it at one moment.
//!
//! A handful of questions, whatever the number of SLOs. An answer that can't be a count is none: it is
//! kept with the reason, never rounded, never left out.

use super::{firing::Firing, growth::kept, hours::HourSamples, windows::Windows};
use crate::{
    input::{
        http::AskError,
        prometheus::{Labels, Prometheus, Sample, Series, ranged},
    },
    text::{
        numbers::window,
        promql::{quoted, regex_of},
    },
};
use slo_model::budget::Counts;
use std::collections::{BTreeMap, BTreeSet};

/// So many SLOs are named in a question; of more, their services are.
const NAMED: usize = 40;

/// What an item takes in memory beside its texts, in bytes.
pub(super) const ITEM_BYTES: usize = 200;

/// An hour in seconds.
const HOUR: i64 = 3600;

/// Older than this, in seconds, no series is part of what Prometheus answers about a moment.
const MAX_AGE: i64 = 300;

/// Whose numbers they are: an SLO, of the services of one name in one namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The identity of the SLO.
    pub slo: String,
    /// The job, or namespace and name of the service, as the store labels them.
    pub job: String,
}

impl Key {
    pub(super) fn of(labels: &Labels) -> Option<Key> {
        Some(Key {
            slo: labels.get("slo")?.to_owned(),
            job: Key::job_of(labels),
        })
    }

    /// The job, or namespace and name of the service.
    pub(super) fn job_of(labels: &Labels) -> String {
        match (labels.get("job"), labels.get("service_namespace")) {
            (Some(job), _) => job.to_owned(),
            (None, namespace) => {
                let name = labels.get("service_name").unwrap_or_default();
                namespace.map_or_else(|| name.to_owned(), |space| format!("{space}/{name}"))
            }
        }
    }
}

/// Counts, or why they are none.
pub type Counted = Result<Counts, String>;

/// What rules recorded.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Events of the whole window of each SLO, by the window that its rules count over: usually one.
    pub window: BTreeMap<Key, Windows>,
    /// Events of each pace, by its length in minutes.
    pub paces: BTreeMap<u32, BTreeMap<Key, Counted>>,
    /// The targets that the rules count for, as ratios.
    pub targets: BTreeMap<Key, f64>,
    /// Alerts that fire.
    pub firing: Firing,
    /// Of how many full hours of a window something is recorded, by the days of the window.
    pub full_hours: BTreeMap<u32, BTreeMap<Key, u64>>,
    /// When each SLO was counted last, in seconds since 1970.
    pub counted: BTreeMap<Key, i64>,
    /// What was asked, and of what.
    pub asked: Vec<Question>,
}

/// A question and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it asks for.
    pub about: &'static str,
    /// As it was asked.
    pub query: String,
}

/// A store that is asked at one moment.
#[derive(Debug)]
pub struct Store<'a> {
    /// Where it is.
    pub prometheus: &'a Prometheus,
    /// The moment, in seconds since 1970.
    pub now: i64,
    /// Matchers that all series have to meet; nothing for none.
    pub matchers: &'a str,
}

impl Store<'_> {
    /// Asks for everything that is recorded of any SLO, and for paces of these lengths in minutes.
    ///
    /// # Errors
    /// If the store can't be asked.
    pub fn recorded(&self, paces: &BTreeSet<u32>) -> Result<Recorded, AskError> {
        let mut recorded = Recorded::default();
        let of_window = self.selector("slo:events:sum_window", &[]);
        recorded.counted = self.moments(&format!("timestamp({of_window})"))?;
        recorded.window = self.windows(of_window, &mut recorded.asked)?;
        for (key, counted) in &recorded.counted {
            if let Some(stale) = stale(self.now - counted)
                && let Some(windows) = recorded.window.get_mut(key)
            {
                for counted in windows.values_mut() {
                    *counted = Err(stale.clone());
                }
            }
        }
        recorded.paces = self.paces(paces, &mut recorded.asked)?;
        recorded.targets = self.values(&self.selector("slo:objective:ratio", &[]))?;
        recorded.firing = self.firing()?;
        Ok(recorded)
    }

    /// Asks for the hours of some SLOs, as far back as a number of seconds.
    ///
    /// # Errors
    /// If the store can't be asked.
    pub fn hours(
        &self,
        slos: &[String],
        seconds: i64,
        asked: &mut Vec<Question>,
    ) -> Result<HourSamples, AskError> {
        let mut hours = HourSamples::default();
        if slos.is_empty() {
            return Ok(hours);
        }
        let this = self.of_slos("slo:events:count_this_hour", slos, &[]);
        let moments = self.moments(&format!("timestamp({this})"))?;
        let counted = self.sums("the hour that has begun", this, asked)?;
        hours.keep_this(counted, &moments, self.now);
        // Raw samples with their moments.
        let full = self.of_slos("slo:events:count1h", slos, &[]);
        let stretch = (self.now_ms() - (seconds + HOUR) * 1000, self.now_ms());
        self.samples("full hours", &full, stretch, asked, |series| {
            let Some(key) = Key::of(&series.metric) else {
                return;
            };
            if slos.binary_search(&key.slo).is_ok() {
                let outcome = series.metric.get("slo_outcome").unwrap_or_default();
                hours.keep_full(key, outcome.to_owned(), series.values);
            }
        })?;
        Ok(hours)
    }

    /// Asks for what the hour in which a moment lies had counted by then, of some SLOs, however long
    /// before it rules were evaluated last. Those that had counted nothing in that hour are left out.
    ///
    /// # Errors
    /// If the store can't be asked.
    pub fn begun(
        &self,
        slos: &[String],
        moment: i64,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, Counted>, AskError> {
        if slos.is_empty() {
            return Ok(BTreeMap::new());
        }
        let then = Store {
            now: moment,
            ..*self
        };
        let this = self.of_slos("slo:events:count_this_hour", slos, &[]);
        let query = format!("last_over_time({this}[{}s])", moment.rem_euclid(HOUR));
        let about = "the hour in which the period began";
        let mut begun = then.sums(about, query, asked)?;
        // Periods of others, which are in the answer, began at other moments.
        begun.retain(|key, _| slos.binary_search(&key.slo).is_ok());
        Ok(begun)
    }

    /// Asks for the events of some SLOs between two moments, to the minute.
    pub(super) fn between(
        &self,
        slos: &[String],
        [from, to]: [i64; 2],
        about: &'static str,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, Counted>, AskError> {
        let then = Store { now: to, ..*self };
        let minutes = self.of_slos("slo:events:count1m", slos, &[]);
        let query = format!("sum_over_time({minutes}[{}s])", to - from);
        then.sums(about, query, asked)
    }

    /// The moment in milliseconds since 1970.
    pub(super) const fn now_ms(&self) -> i64 {
        self.now * 1000
    }

    /// What is recorded of some SLOs.
    pub(super) fn of_slos(&self, metric: &str, slos: &[String], more: &[String]) -> String {
        self.selector(metric, &[&[of_these(slos)], more].concat())
    }

    /// What is exported under any name that a regular expression describes.
    pub(super) fn named(&self, names: &str, more: &[String]) -> String {
        let name = format!("__name__=~{}", quoted(names));
        self.selector("", &[&[name], more].concat())
    }

    /// The samples of a selector, series by series, from a start to an end in milliseconds since 1970.
    pub(super) fn samples(
        &self,
        about: &'static str,
        selector: &str,
        (start, end): (i64, i64),
        asked: &mut Vec<Question>,
        mut take: impl FnMut(Series),
    ) -> Result<(), AskError> {
        let length = end - start;
        self.prometheus.samples(selector, length, end, |series| {
            let bytes = kept(&series);
            take(series);
            bytes
        })?;
        asked.push(Question {
            about,
            query: ranged(selector, length),
        });
        Ok(())
    }

    /// The values of a question that is asked at another moment, in milliseconds since 1970.
    pub(super) fn values_at(
        &self,
        about: &'static str,
        query: String,
        moment: i64,
        asked: &mut Vec<Question>,
        mut take: impl FnMut(&Labels, f64),
    ) -> Result<(), AskError> {
        self.prometheus.query_at(&query, moment, |sample| {
            take(&sample.metric, sample.text().parse().unwrap_or(f64::NAN));
            ITEM_BYTES
        })?;
        asked.push(Question { about, query });
        Ok(())
    }

    pub(super) fn selector(&self, metric: &str, more: &[String]) -> String {
        let mut matchers: Vec<&str> = more.iter().map(String::as_str).collect();
        if !self.matchers.is_empty() {
            matchers.push(self.matchers);
        }
        format!("{metric}{{{}}}", matchers.join(","))
    }

    /// Good and bad events of an expression.
    fn sums(
        &self,
        about: &'static str,
        query: String,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<Key, Counted>, AskError> {
        let mut sides: BTreeMap<Key, Sides> = BTreeMap::new();
        self.each(&query, |key, sample| {
            let outcome = sample.metric.get("slo_outcome").unwrap_or_default();
            let value = sample.text().parse().unwrap_or(f64::NAN);
            sides.entry(key).or_default().add(outcome, value);
        })?;
        asked.push(Question { about, query });
        Ok(counted(sides))
    }

    /// Good and bad events of each pace.
    fn paces(
        &self,
        lengths: &BTreeSet<u32>,
        asked: &mut Vec<Question>,
    ) -> Result<BTreeMap<u32, BTreeMap<Key, Counted>>, AskError> {
        let name = |minutes: &u32| format!("slo:events:sum{}", window(*minutes));
        let names: Vec<_> = lengths.iter().map(name).collect();
        let query = self.named(&names.join("|"), &[]);
        let mut paces: BTreeMap<u32, BTreeMap<Key, Sides>> = BTreeMap::new();
        self.each(&query, |key, sample| {
            let name = sample.metric.get("__name__");
            let pace = lengths.iter().zip(&names);
            if let Some((minutes, _)) = pace.into_iter().find(|(_, pace)| name == Some(pace)) {
                let outcome = sample.metric.get("slo_outcome").unwrap_or_default();
                let value = sample.text().parse().unwrap_or(f64::NAN);
                let pace = paces.entry(*minutes).or_default();
                pace.entry(key).or_default().add(outcome, value);
            }
        })?;
        asked.push(Question {
            about: "paces",
            query,
        });
        let counted = paces
            .into_iter()
            .map(|(minutes, sides)| (minutes, counted(sides)));
        Ok(counted.collect())
    }

    fn values(&self, query: &str) -> Result<BTreeMap<Key, f64>, AskError> {
        let mut values = BTreeMap::new();
        self.each(query, |key, sample| {
            values.insert(key, sample.text().parse().unwrap_or(f64::NAN));
        })?;
        Ok(values)
    }

    /// Moments in seconds since 1970; of several the latest.
    fn moments(&self, query: &str) -> Result<BTreeMap<Key, i64>, AskError> {
        let mut moments: BTreeMap<Key, i64> = BTreeMap::new();
        self.each(query, |key, sample| {
            let moment = sample.text().parse().unwrap_or(f64::NAN);
            #[expect(clippy::cast_possible_truncation, reason = "casts stop at the limits")]
            let moment = moment as i64;
            let latest = moments.entry(key).or_insert(moment);
            *latest = moment.max(*latest);
        })?;
        Ok(moments)
    }

    pub(super) fn each(
        &self,
        query: &str,
        mut take: impl FnMut(Key, &Sample),
    ) -> Result<(), AskError> {
        self.prometheus.query_at(query, self.now_ms(), |sample| {
            match Key::of(&sample.metric) {
                Some(key) => {
                    let bytes = key.slo.len() + key.job.len() + ITEM_BYTES;
                    take(key, &sample);
                    bytes
                }
                None => 0,
            }
        })
    }
}

/// Says why what was counted some seconds ago is not what is counted now; `None` if it is.
pub(super) fn stale(age: i64) -> Option<String> {
    match age {
        ..0 => Some(format!("rules counted it last {} s from now", -age)),
        0..=MAX_AGE => None,
        _ => Some(format!("rules counted it last {age} s ago")),
    }
}

/// The matcher for some SLOs: more than are good to be named in a question are found by their
/// services, and others of these among them.
fn of_these(slos: &[String]) -> String {
    if slos.len() <= NAMED {
        let names: Vec<_> = slos.iter().map(|slo| regex_of(slo)).collect();
        return format!("slo=~{}", quoted(&names.join("|")));
    }
    let services = slos.iter().map(|slo| slo.split('/').next().unwrap_or(slo));
    let services: BTreeSet<_> = services.map(regex_of).collect();
    let services: Vec<_> = services.into_iter().collect();
    format!("slo=~{}", quoted(&format!("({})/.+", services.join("|"))))
}

fn counted(sides: BTreeMap<Key, Sides>) -> BTreeMap<Key, Counted> {
    let counted = sides.into_iter().map(|(key, sides)| (key, sides.counts()));
    counted.collect()
}

/// Good and bad events as they are found.
#[derive(Debug, Default)]
pub(super) struct Sides {
    good: Option<f64>,
    bad: Option<f64>,
    wrong: Option<String>,
}

impl Sides {
    pub(super) fn add(&mut self, outcome: &str, value: f64) {
        let side = match outcome {
            "good" => &mut self.good,
            "bad" => &mut self.bad,
            other => {
                self.wrong = Some(format!("there is a series with the outcome `{other}`"));
                return;
            }
        };
        if side.replace(value).is_some() {
            self.wrong = Some(format!(
                "there are several series of its {outcome} events; `--match` chooses among them"
            ));
        }
    }

    pub(super) fn counts(self) -> Counted {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        let side = |value: Option<f64>, outcome: &str| match value {
            Some(value) => {
                count(value).ok_or_else(|| format!("{value} {outcome} events are not a count"))
            }
            None => Err(format!("nothing is recorded of its {outcome} events")),
        };
        Ok(Counts {
            good: side(self.good, "good")?,
            bad: side(self.bad, "bad")?,
        })
    }
}

/// The largest number of events that a float tells from the next one.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A count that a store holds as a float; `None` if it is none, such as an estimate.
pub(super) fn count(value: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole, positive and small enough"
    )]
    ((0.0..=MAX_EXACT).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_count_is_none() {
        for value in [0.0, 1.0, 41.0, MAX_EXACT] {
            assert!(count(value).is_some(), "{value}");
        }
        for value in [f64::NAN, -1.0, 0.5, 41.000_001, f64::INFINITY, 1e300, -0.5] {
            assert_eq!(count(value), None, "{value}");
        }
    }

    #[test]
    fn both_outcomes_are_needed_each_once() {
        let counts = |all: &[(&str, f64)]| {
            let mut sides = Sides::default();
            for (outcome, value) in all {
                sides.add(outcome, *value);
            }
            sides.counts()
        };
        let good = Counts { good: 9, bad: 1 };
        assert_eq!(counts(&[("bad", 1.0), ("good", 9.0)]), Ok(good));
        for (all, why) in [
            (&[("good", 9.0)][..], "nothing is recorded of its bad"),
            (&[("bad", 9.0)], "nothing is recorded of its good"),
            (&[("good", 9.0), ("bad", f64::NAN)], "NaN bad events"),
            (&[("good", 9.5), ("bad", 1.0)], "9.5 good events"),
            (
                &[("good", 9.0), ("good", 9.0), ("bad", 1.0)],
                "several series",
            ),
            (&[("good", 9.0), ("bad", 1.0), ("", 1.0)], "the outcome ``"),
        ] {
            let wrong = counts(all).unwrap_err();
            assert!(wrong.contains(why), "{wrong}");
        }
    }
}
