//! Events hour by hour, of those SLOs whose windows are looked into.

use super::recorded::{Counted, Key, Sides};
use slo_model::budget::Counts;
use std::collections::BTreeMap;

/// An hour in seconds.
const HOUR: i64 = 3600;

/// Events of one hour after the other.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// Full hours by the hour since 1970.
    pub full: BTreeMap<i64, Counted>,
    /// The hour that has begun.
    pub this: Option<Counted>,
}

/// An outcome, and moments with its events.
type OfOutcome = (String, Vec<(f64, f64)>);

/// The hours of some SLOs as a store answered them. A sample takes no more memory than its two
/// numbers: hours of a thousand SLOs are more than a million samples.
#[derive(Debug, Default)]
pub struct HourSamples {
    /// Of each SLO, its series.
    full: BTreeMap<Key, Vec<OfOutcome>>,
    this: BTreeMap<Key, Counted>,
}

impl HourSamples {
    /// Keeps what was counted in the hour that has begun.
    pub(super) fn keep_this(&mut self, this: BTreeMap<Key, Counted>) {
        self.this.extend(this);
    }

    /// Keeps the full hours of a series.
    pub(super) fn keep_full(&mut self, key: Key, outcome: String, samples: Vec<(f64, f64)>) {
        self.full.entry(key).or_default().push((outcome, samples));
    }

    /// Returns the hours of an SLO, those under all of its names added.
    pub fn of(&self, names: impl Iterator<Item = Key>) -> Hours {
        let mut sum = Hours::default();
        for key in names {
            for (hour, counted) in self.full(&key) {
                let hour = sum.full.entry(hour).or_insert(Ok(Counts::default()));
                add(hour, counted);
            }
            if let Some(counted) = self.this.get(&key) {
                let this = sum.this.get_or_insert(Ok(Counts::default()));
                add(this, counted.clone());
            }
        }
        sum
    }

    /// An hour is recorded once, in the hour after it.
    fn full(&self, key: &Key) -> impl Iterator<Item = (i64, Counted)> {
        let mut hours: BTreeMap<i64, Sides> = BTreeMap::new();
        for (outcome, samples) in self.full.get(key).into_iter().flatten() {
            for (moment, value) in samples {
                #[expect(clippy::cast_possible_truncation, reason = "casts stop at the limits")]
                let hour = (moment.floor() as i64).div_euclid(HOUR) - 1;
                hours.entry(hour).or_default().add(outcome, *value);
            }
        }
        hours
            .into_iter()
            .map(|(hour, sides)| (hour, sides.counts()))
    }
}

fn add(sum: &mut Counted, more: Counted) {
    match (&mut *sum, more) {
        (Ok(counts), Ok(more)) => *counts = *counts + more,
        (Ok(_), Err(why)) => *sum = Err(why),
        (Err(_), _) => {}
    }
}
