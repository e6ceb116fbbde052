//! What was counted.

use super::Uncovered;
use serde::{Deserialize, Serialize};
use slo_model::budget::Counts;
use std::{collections::BTreeMap, time::Duration};

/// What was counted of services until a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The format of the file.
    pub format: u32,
    /// What wrote it.
    #[serde(default)]
    pub generator: String,
    /// The day it ends, as 2026-05-31.
    pub until: String,
    /// Days that each count of events is for.
    pub step_days: u16,
    /// Services by name.
    pub services: BTreeMap<String, Counted>,
}

/// What was counted of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Good and bad events, by endpoint and SLI.
    #[serde(default)]
    pub events: Vec<Events>,
    /// Ended events by result, over all of the history.
    #[serde(default)]
    pub results: Vec<Ended>,
    /// How long events took, over all of the history.
    #[serde(default)]
    pub durations: Vec<Lasted>,
    /// Requests on routes without an annotation, over all of the history.
    #[serde(default)]
    pub unannotated: Vec<Uncovered>,
    /// How often a series showed less than before though its process had not begun again, in
    /// the last day: more than one process writes it.
    #[serde(default)]
    pub falls: u64,
}

/// Good and bad events of an SLI of an endpoint, step by step, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Events {
    /// The journey.
    pub journey: String,
    /// The endpoint.
    pub endpoint: String,
    /// The SLI.
    pub sli: String,
    /// For latency, the threshold that the events were judged by, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_ns: Option<u64>,
    /// Events as promised.
    pub good: Vec<u64>,
    /// Events that were not.
    pub bad: Vec<u64>,
}

/// How often events of an endpoint ended in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The journey.
    pub journey: String,
    /// The endpoint.
    pub endpoint: String,
    /// How, as in `slo.result`.
    pub result: String,
    /// How often.
    pub count: u64,
}

/// How many events of an endpoint took at most how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lasted {
    /// The endpoint.
    pub endpoint: String,
    /// Boundaries in nanoseconds with the events up to each, the smallest first.
    pub buckets: Vec<(u64, u64)>,
    /// All events.
    pub count: u64,
}

impl History {
    /// Returns the last windows of the given number of days, the newest first, as far as the
    /// history reaches: the good and bad events that belong to an SLO in each. They follow one
    /// another without a gap, so of a window without an event it is known that there was none.
    /// `None` if the steps of the history make no whole window.
    pub fn windows(&self, service: &str, of: impl Fn(&Events) -> bool, days: u16) -> Vec<Counts> {
        let Some(counted) = self.services.get(service) else {
            return Vec::new();
        };
        let step = self.step_days.max(1);
        if !days.is_multiple_of(step) {
            return Vec::new();
        }
        let steps = usize::from(days / step);
        let mut windows: Vec<Counts> = Vec::new();
        for events in counted.events.iter().filter(|events| of(events)) {
            for (good, at) in [(&events.good, true), (&events.bad, false)] {
                let newest: Vec<_> = good.iter().rev().copied().collect();
                // A window that is not whole would be a shorter one.
                for (number, window) in newest.chunks_exact(steps.max(1)).enumerate() {
                    windows.resize(windows.len().max(number + 1), Counts::default());
                    let sum = window.iter().sum::<u64>();
                    match at {
                        true => windows[number].good += sum,
                        false => windows[number].bad += sum,
                    }
                }
            }
        }
        windows
    }

    /// Days that it reaches back for a service.
    pub fn days(&self, service: &str) -> u32 {
        let steps = self.services.get(service).map_or(0, |counted| {
            let lengths = counted.events.iter().map(|events| events.good.len());
            lengths.max().unwrap_or(0)
        });
        u32::try_from(steps)
            .unwrap_or(u32::MAX)
            .saturating_mul(self.step_days.into())
    }
}

impl Lasted {
    /// Returns the smallest boundary up to which a share of so many valid events is, in parts per
    /// billion. What timed out is valid for a latency SLI and in no bucket.
    pub fn boundary_for(&self, ppb: u32, valid: u64) -> Option<Duration> {
        let valid = valid.max(self.count);
        let is_enough = |count: u64| {
            u128::from(count) * u128::from(slo_model::PPB) >= u128::from(valid) * u128::from(ppb)
        };
        let (boundary, _) = self.buckets.iter().find(|(_, count)| is_enough(*count))?;
        (self.count > 0).then(|| Duration::from_nanos(*boundary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(endpoint: &str, good: &[u64], bad: &[u64]) -> Events {
        Events {
            journey: "j".into(),
            endpoint: endpoint.into(),
            sli: "availability".into(),
            threshold_ns: None,
            good: good.to_vec(),
            bad: bad.to_vec(),
        }
    }

    #[test]
    fn windows_are_whole_and_the_newest_come_first() {
        let counted = Counted {
            events: vec![
                events("a", &[1, 2, 3, 4, 5], &[0, 0, 0, 0, 1]),
                // Deployed two days ago.
                events("b", &[0, 0, 0, 10, 10], &[0, 0, 0, 1, 1]),
            ],
            ..Counted::default()
        };
        let mut history = History {
            step_days: 1,
            services: BTreeMap::from([("s".to_owned(), counted)]),
            ..History::default()
        };
        let all = |_: &Events| true;
        let counts = |good, bad| Counts { good, bad };
        assert_eq!(history.windows("s", all, 2), [counts(29, 3), counts(5, 0)]);
        let of_b = |events: &Events| events.endpoint == "b";
        assert_eq!(
            history.windows("s", of_b, 2),
            [counts(20, 2), Counts::default()]
        );
        assert_eq!(history.windows("s", all, 6), []);
        assert_eq!(
            (history.windows("t", all, 1), history.days("s")),
            (vec![], 5)
        );
        // Steps of a week hold no shorter window, and none of ten days.
        history.step_days = 7;
        assert_eq!(history.windows("s", all, 2), []);
        assert_eq!(history.windows("s", all, 10), []);
        assert_eq!(history.windows("s", all, 14).len(), 2);
    }

    #[test]
    fn the_boundary_that_enough_events_keep() {
        let lasted = Lasted {
            endpoint: "a".into(),
            buckets: vec![(5_000_000, 10), (500_000_000, 99), (1_000_000_000, 100)],
            count: 100,
        };
        let of = |percent: u32| lasted.boundary_for(percent * 10_000_000, 0);
        assert_eq!(of(99), Some(Duration::from_millis(500)));
        assert_eq!(of(100), Some(Duration::from_secs(1)));
        let none = Lasted {
            count: 101,
            ..lasted
        };
        assert_eq!(none.boundary_for(slo_model::PPB, 0), None);
    }
}
