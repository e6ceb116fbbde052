//! A service under test: its objective, its pods, and what they count minute by minute.

use crate::replay::{Counter, Timeline};
use slo_model::{Target, Window};
use std::{
    fmt::{Display, Write},
    time::Duration,
};

/// How often pods are scraped and rules evaluated.
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Whatever happened to one service.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) target: Target,
    pub(crate) window: Window,
    pub(crate) minutes: usize,
    pub(crate) pods: Vec<Pod>,
}

/// The two counters of a pod, as they were scraped: a value each minute, or none.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) good: Vec<Option<u64>>,
    pub(crate) bad: Vec<Option<u64>>,
}

impl Pod {
    /// A pod that handles so many good and bad events each minute, from start to end. Its
    /// counters show 0 first: what happens before a first scrape is not part of a history.
    pub(crate) fn steady(minutes: usize, events: impl Fn(usize) -> (u64, u64)) -> Pod {
        let (mut good, mut bad) = (0, 0);
        let values = (0..minutes).map(|minute| {
            if minute > 0 {
                let (more_good, more_bad) = events(minute);
                good += more_good;
                bad += more_bad;
            }
            (Some(good), Some(bad))
        });
        let (good, bad) = values.unzip();
        Pod { good, bad }
    }
}

impl History {
    /// All events, for our engine.
    pub(crate) fn timeline(&self) -> Timeline {
        let counters = |which: fn(&Pod) -> &[Option<u64>]| -> Vec<Counter> {
            self.pods.iter().map(|pod| counter(which(pod))).collect()
        };
        Timeline::new(&counters(|pod| &pod.good), &counters(|pod| &pod.bad))
    }

    /// Its series, in promtool's notation: labels and values.
    pub(crate) fn series(&self) -> Vec<(String, String)> {
        let of_pod = |(n, pod): (usize, &Pod)| {
            let series = |outcome, values: &[Option<u64>]| {
                let labels = format!(
                    r#"slo_events_total{{job="orders",instance="pod-{n}",slo_journey="checkout",slo_endpoint="cart",slo_sli="availability",slo_outcome="{outcome}"}}"#
                );
                (labels, notation(values.iter().copied()))
            };
            let objective = format!(
                r#"slo_objective_ratio{{job="orders",instance="pod-{n}",slo_journey="checkout",slo_sli="availability",slo_window="{}",slo_owner="team-orders"}}"#,
                self.window
            );
            let target = self.target.ratio().to_string();
            let exported = pod.good.iter().map(|value| value.map(|_| &*target));
            [
                series("good", &pod.good),
                series("bad", &pod.bad),
                (objective, notation(exported)),
            ]
        };
        self.pods.iter().enumerate().flat_map(of_pod).collect()
    }
}

/// A moment that many minutes after the start.
pub(crate) fn minute(n: usize) -> Duration {
    MINUTE * u32::try_from(n).unwrap()
}

fn counter(values: &[Option<u64>]) -> Counter {
    let samples = values.iter().enumerate();
    samples
        .filter_map(|(n, value)| Some((minute(n), (*value)?)))
        .collect()
}

fn notation<T: PartialEq + Display>(values: impl Iterator<Item = Option<T>>) -> String {
    let mut text = String::new();
    let mut rest = values.peekable();
    while let Some(first) = rest.next() {
        let mut same = 0;
        while rest.next_if_eq(&first).is_some() {
            same += 1;
        }
        match first {
            Some(value) => write!(text, "{value}+0x{same} ").unwrap(),
            None => write!(text, "_x{} ", same + 1).unwrap(),
        }
    }
    text
}
