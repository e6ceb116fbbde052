//! How counters grew, sample by sample, and which processes counted them.

use super::{
    recorded::{Key, Question, Store},
    spent::Subject,
};
use crate::input::{
    http::AskError,
    prometheus::{Labels, Series},
};
use std::collections::BTreeMap;

/// A process that began this long before it is seen first, in milliseconds, is counted from 0: rules
/// do so.
const NEWBORN: i64 = 3_540_000;

/// How far back a counter's last value is looked for, in milliseconds: rules look as far.
pub(super) const LOOKBACK: i64 = 900_000;

/// What a sample takes in memory, in bytes.
const SAMPLE_BYTES: usize = 32;

/// How a counter grew, with its labels.
pub(super) struct Growth {
    pub(super) labels: Labels,
    pub(super) by: u64,
}

/// When processes began, in milliseconds since 1970, by their labels.
pub(super) type Begun = BTreeMap<String, i64>;

pub(super) fn begun(
    store: &Store<'_>,
    start: i64,
    end: i64,
    asked: &mut Vec<Question>,
) -> Result<Begun, AskError> {
    let selector = store.named("slo[._]start_time(_seconds)?", &[]);
    let query = format!("last_over_time({selector}[{}ms])", end - start + LOOKBACK);
    let mut begun = Begun::new();
    store.values_at(
        "when processes began",
        query,
        end,
        asked,
        |labels, value| {
            begun.insert(process(labels), milliseconds(value));
        },
    )?;
    Ok(begun)
}

/// What tells a process from the others of all services.
pub(super) fn process(labels: &Labels) -> String {
    let names = [
        "job",
        "instance",
        "service_namespace",
        "service_name",
        "service_instance_id",
    ];
    let values = names.map(|name| labels.get(name).unwrap_or_default());
    values.join("\0")
}

/// How much each counter of the SLO grew in an episode.
pub(super) fn growth(
    store: &Store<'_>,
    subject: &Subject<'_>,
    instrument: &str,
    about: &'static str,
    (start, end): (i64, i64),
    begun: &Begun,
    asked: &mut Vec<Question>,
) -> Result<Vec<Growth>, AskError> {
    let mut growths = Vec::new();
    let labels = [
        ("slo.journey", Some(subject.journey)),
        ("slo.endpoint", subject.endpoint),
    ];
    for dotted in [false, true] {
        let matchers: Vec<_> = labels
            .iter()
            .filter_map(|(name, value)| {
                let value = crate::text::promql::quoted((*value)?);
                Some(match dotted {
                    true => format!("\"{name}\"={value}"),
                    false => format!("{}={value}", name.replace('.', "_")),
                })
            })
            .collect();
        let selector = store.named(instrument, &matchers);
        let stretch = (start - LOOKBACK, end);
        let mut wrong = None;
        store.samples(about, &selector, stretch, asked, |series| {
            let is_meant = labels.iter().all(|(name, value)| {
                let label = series.metric.get(&name.replace('.', "_"));
                value.is_none_or(|value| label == Some(value))
            });
            let mut values = series.values.iter().map(|(_, value)| *value);
            if !is_meant {
                wrong = Some(format!("{selector} has series of something else"));
            } else if let Some(value) = values.find(|value| !(0.0..f64::INFINITY).contains(value)) {
                wrong = Some(format!("a counter is {value}"));
            } else if is_of(&series.metric, &subject.key.job) {
                let born = begun.get(&process(&series.metric)).copied();
                growths.push(Growth {
                    by: grown(&series.values, start, born),
                    labels: series.metric,
                });
            }
        })?;
        right(store, wrong)?;
        if !growths.is_empty() {
            break;
        }
    }
    Ok(growths)
}

/// The series is of this job: of the service in this namespace, where the store has no jobs.
pub(super) fn is_of(labels: &Labels, job: &str) -> bool {
    Key::job_of(labels) == job
}

/// How much a counter grew after a moment, by samples from some time before it on. After a fall it
/// counted from 0; a process that is seen for the first time is counted from 0 if it is new.
fn grown(values: &[(f64, f64)], start: i64, born: Option<i64>) -> u64 {
    let mut grown = 0.0;
    let mut before: Option<f64> = None;
    for (moment, value) in values {
        let after = milliseconds(*moment) > start;
        match before {
            Some(last) if after && *value < last => grown += *value,
            Some(last) if after => grown += *value - last,
            None if after && born.is_some_and(|born| milliseconds(*moment) - born < NEWBORN) => {
                grown += *value;
            }
            _ => {}
        }
        before = Some(*value);
    }
    whole(grown)
}

/// The whole events of a float; what is not a number has none.
fn whole(value: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "casts of floats stop at the limits, and NaN is 0"
    )]
    let whole = value.round() as u64;
    whole
}

/// Milliseconds of a moment in seconds, which has three decimals.
pub(super) fn milliseconds(moment: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts of floats stop at the limits"
    )]
    let milliseconds = (moment * 1000.0).round() as i64;
    milliseconds
}

/// The bytes that are kept of a series.
pub(super) fn kept(series: &Series) -> usize {
    series.values.len() * SAMPLE_BYTES
}

/// Returns the error that an answer is wrong, if it is.
pub(super) fn right(store: &Store<'_>, wrong: Option<String>) -> Result<(), AskError> {
    wrong.map_or(Ok(()), |what| Err(store.prometheus.untrusted(what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_grow_over_falls_and_from_their_birth() {
        let values = [(100.0, 5.0), (160.0, 8.0), (220.0, 2.0), (280.0, 4.0)];
        let after = |second: i64, born: Option<i64>| {
            grown(&values, second * 1000, born.map(|born| born * 1000))
        };
        assert_eq!(after(100, None), 3 + 2 + 2);
        assert_eq!(after(160, None), 2 + 2);
        // Seen first within the episode: new, or only seen for the first time.
        assert_eq!(after(90, Some(50)), 5 + 3 + 2 + 2);
        assert_eq!(after(90, Some(-9999)), 3 + 2 + 2);
        assert_eq!(after(90, None), 3 + 2 + 2);
        // A sample of the same second as the start, after it.
        assert_eq!(grown(&[(99.5, 1.0), (100.4, 3.0)], 100_300, None), 2);
        assert_eq!(grown(&[], 0, None), 0);
    }
}
