//! Events hour by hour, of those SLOs whose windows are looked into.

use super::recorded::{Counted, Key, Sides, stale};
use slo_model::budget::Counts;
use std::collections::BTreeMap;

/// An hour in seconds.
const HOUR: i64 = 3600;

/// Events of one hour after the other.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// Full hours by the hour since 1970.
    pub full: BTreeMap<i64, Counted>,
    /// The hour that had begun when rules counted last.
    pub this: Option<Counted>,
    /// When that was, in seconds since 1970.
    pub counted: Option<i64>,
}

impl Hours {
    /// Returns the moment until which they were counted, as far as it is known.
    pub fn until(&self, now: i64) -> i64 {
        self.counted.unwrap_or(now)
    }
}

/// An outcome, and moments with its events.
type OfOutcome = (String, Vec<(f64, f64)>);

/// The hours of some SLOs as a store answered them. A sample takes no more memory than its two
/// numbers: hours of a thousand SLOs are more than a million samples.
#[derive(Debug, Default)]
pub struct HourSamples {
    /// Of each SLO, its series.
    full: BTreeMap<Key, Vec<OfOutcome>>,
    /// When rules counted last, and what the hour had by then that had begun.
    this: BTreeMap<Key, (i64, Counted)>,
}

impl HourSamples {
    /// Keeps what was counted in the hour that has begun, with the moment at which it was counted. For
    /// up to a minute after an hour ended, rules have not counted in the next one yet.
    pub(super) fn keep_this(
        &mut self,
        this: BTreeMap<Key, Counted>,
        moments: &BTreeMap<Key, i64>,
        now: i64,
    ) {
        self.this.extend(this.into_iter().map(|(key, counted)| {
            let moment = moments.get(&key).copied().unwrap_or(now);
            match stale(now - moment) {
                Some(stale) => (key, (now, Err(stale))),
                None => (key, (moment, counted)),
            }
        }));
    }

    /// Keeps the full hours of a series.
    pub(super) fn keep_full(&mut self, key: Key, outcome: String, samples: Vec<(f64, f64)>) {
        self.full.entry(key).or_default().push((outcome, samples));
    }

    /// Returns the hours of an SLO, those under all of its names added.
    pub fn of(&self, names: impl Iterator<Item = Key>) -> Hours {
        let names: Vec<_> = names.collect();
        let this = names.iter().filter_map(|key| self.this.get(key));
        let mut sum = Hours {
            counted: this.map(|(moment, _)| *moment).max(),
            ..Hours::default()
        };
        let this_hour = sum.counted.map(|moment| moment.div_euclid(HOUR));
        for key in names {
            let mut full: BTreeMap<_, _> = self.full(&key).collect();
            if let Some((moment, counted)) = self.this.get(&key) {
                let hour = moment.div_euclid(HOUR);
                if Some(hour) == this_hour {
                    let this = sum.this.get_or_insert(Ok(Counts::default()));
                    add(this, counted.clone());
                } else {
                    // Another name counts on: this hour is over, and not recorded as such yet.
                    full.entry(hour).or_insert_with(|| counted.clone());
                }
            }
            for (hour, counted) in full {
                let hour = sum.full.entry(hour).or_insert(Ok(Counts::default()));
                add(hour, counted);
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
