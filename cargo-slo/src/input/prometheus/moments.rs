//! Moments that are asked for, and whether an answer is about them.
//!
//! A store that moves a question to other moments, as caches and time-outs tempt it to, answers with
//! numbers of another time: they look as good as those that were asked for.

use super::{Labels, Sample, Series};
use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

/// Moments in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moments {
    /// Whatever moment the store takes for now.
    Now,
    /// One moment.
    At(i64),
    /// Samples up to the end, and after the start; at it, as Prometheus 2 has it.
    Within { start: i64, end: i64 },
    /// From the start to the end, a step apart.
    Steps { start: i64, end: i64, step: i64 },
}

impl Moments {
    fn is_asked(self, moment: i64) -> bool {
        match self {
            Moments::Now => true,
            Moments::At(asked) => moment == asked,
            Moments::Within { start, end } => (start..=end).contains(&moment),
            Moments::Steps { start, end, step } => {
                (start..=end).contains(&moment) && (moment - start) % step == 0
            }
        }
    }

    /// Says what is wrong with the moments of a series.
    fn check(self, moments: impl Iterator<Item = f64>) -> Result<(), String> {
        let mut last = None;
        for seconds in moments {
            let moment = milliseconds(seconds);
            if !self.is_asked(moment) {
                return Err(format!(
                    "the store moved the question: it answers for {seconds}, and was asked for {self}"
                ));
            }
            if last.is_some_and(|last| last >= moment) {
                return Err(format!(
                    "a series has several values at {seconds}, or they are in no order"
                ));
            }
            last = Some(moment);
        }
        Ok(())
    }
}

impl std::fmt::Display for Moments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = |moment: i64| Seconds(moment);
        match *self {
            Moments::Now => f.write_str("now"),
            Moments::At(moment) => write!(f, "{}", seconds(moment)),
            Moments::Within { start, end } => {
                write!(f, "{} to {}", seconds(start), seconds(end))
            }
            Moments::Steps { start, end, step } => write!(
                f,
                "{} to {} in steps of {} s",
                seconds(start),
                seconds(end),
                seconds(step)
            ),
        }
    }
}

/// Milliseconds as Prometheus writes a moment in seconds.
pub(super) struct Seconds(pub(super) i64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seconds, rest) = (self.0.div_euclid(1000), self.0.rem_euclid(1000));
        write!(f, "{seconds}.{rest:03}")
    }
}

/// Milliseconds of a moment in seconds, which has three decimals.
fn milliseconds(seconds: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts of floats stop at the limits"
    )]
    let milliseconds = (seconds * 1000.0).round() as i64;
    milliseconds
}

/// A series of an answer.
pub(crate) trait Timed {
    /// Its labels.
    fn labels(&self) -> &Labels;

    /// The moments of its values, in seconds since 1970.
    fn moments(&self) -> impl Iterator<Item = f64>;
}

impl Timed for Sample {
    fn labels(&self) -> &Labels {
        &self.metric
    }

    fn moments(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.value.0)
    }
}

impl Timed for Series {
    fn labels(&self) -> &Labels {
        &self.metric
    }

    fn moments(&self) -> impl Iterator<Item = f64> {
        self.values.iter().map(|(moment, _)| *moment)
    }
}

/// What is remembered of a series, in bytes.
pub(super) const SEEN_BYTES: usize = 16;

/// Looks at the series of an answer, one after the other.
pub(super) struct Checked {
    asked: Moments,
    seen: HashSet<u64>,
    hasher: RandomState,
    wrong: Option<String>,
}

impl Checked {
    /// Nothing is seen yet of an answer to this question.
    pub(super) fn new(asked: Moments) -> Checked {
        Checked {
            asked,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            wrong: None,
        }
    }

    /// Returns `true` as long as nothing is wrong, with this series neither.
    pub(super) fn is_right(&mut self, series: &impl Timed) -> bool {
        if self.wrong.is_none() {
            self.wrong = self.asked.check(series.moments()).err();
        }
        if self.wrong.is_none() && !self.seen.insert(self.hasher.hash_one(series.labels())) {
            self.wrong = Some("a series is there twice, with the same labels".to_owned());
        }
        self.wrong.is_none()
    }

    /// Returns what is wrong.
    pub(super) fn into_wrong(self) -> Option<String> {
        self.wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(labels: &str, moments: &[f64]) -> Series {
        let values: Vec<_> = moments.iter().map(|moment| (*moment, "1")).collect();
        let labels: serde_json::Value = serde_json::from_str(labels).unwrap();
        let series = serde_json::json!({"metric": labels, "values": values});
        serde_json::from_value(series).unwrap()
    }

    fn wrong(asked: Moments, all: &[Series]) -> Option<String> {
        let mut checked = Checked::new(asked);
        for series in all {
            checked.is_right(series);
        }
        checked.into_wrong()
    }

    #[test]
    fn steps_are_those_that_were_asked_for() {
        let asked = Moments::Steps {
            start: 100_500,
            end: 400_500,
            step: 100_000,
        };
        let of = |moments: &[f64]| wrong(asked, &[series("{}", moments)]);
        assert_eq!(of(&[100.5, 200.5, 300.5, 400.5]), None);
        assert_eq!(of(&[200.5, 400.5]), None);
        assert_eq!(of(&[]), None);
        for (moments, words) in [
            (&[100.0, 200.0][..], "moved the question"),
            (&[0.5], "moved the question"),
            (&[500.5], "moved the question"),
            (&[250.5], "moved the question"),
            (&[200.5, 200.5], "several values"),
            (&[300.5, 200.5], "in no order"),
        ] {
            let wrong = of(moments).unwrap_or_else(|| panic!("{moments:?}"));
            assert!(wrong.contains(words), "{wrong}");
        }
        assert!(
            of(&[1.0])
                .unwrap()
                .contains("100.500 to 400.500 in steps of 100.000 s")
        );
    }

    #[test]
    fn moments_and_stretches() {
        let one = |moment| wrong(Moments::At(1_500), &[series("{}", &[moment])]);
        assert_eq!(one(1.5), None);
        assert!(one(1.499).is_some() && one(1.501).is_some());
        let asked = Moments::Within {
            start: 1_000,
            end: 2_000,
        };
        let within = |moment| wrong(asked, &[series("{}", &[moment])]);
        assert_eq!(within(1.0).or(within(1.7)).or(within(2.0)), None);
        assert!(within(0.999).is_some() && within(2.001).is_some());
    }

    #[test]
    fn a_series_is_there_once() {
        let [a, b] = [r#"{"slo": "a"}"#, r#"{"slo": "b"}"#].map(|labels| series(labels, &[1.0]));
        assert_eq!(wrong(Moments::Now, &[a.clone(), b.clone()]), None);
        let twice = wrong(Moments::Now, &[a.clone(), b, a]).unwrap();
        assert!(twice.contains("twice"), "{twice}");
    }
}
