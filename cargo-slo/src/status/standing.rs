//! Where one SLO stands: what is left of its budget, how long that lasts, when it comes back.

use super::{
    hours::Hours,
    recorded::Counted,
    recovery::{self, Level, Recovery},
};
use serde::Serialize;
use slo_model::{
    Decimal, Target, Window,
    budget::{self, Counts},
};

/// An hour in seconds.
const HOUR: i64 = 3600;

/// The hours of a week.
const WEEK: i64 = 7 * 24;

/// What is left of an error budget. Nothing is clamped: what is overspent is below 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Budget {
    /// Good events of the window.
    pub good: u64,
    /// Bad events of the window.
    pub bad: u64,
    /// How many may be bad: `floor(valid × (1 − target))`.
    pub allowed: u64,
    /// How many of them are left.
    pub left: i64,
    /// The share that is left: `1 − bad ÷ (valid × (1 − target))`; 1 without an event.
    pub left_share: f64,
}

impl Budget {
    /// Returns what these events leave of the budget of a target.
    pub fn new(counts: Counts, target: Target) -> Budget {
        let allowed = budget::events(counts.valid(), target);
        let signed = |events: u64| i64::try_from(events).unwrap_or(i64::MAX);
        Budget {
            good: counts.good,
            bad: counts.bad,
            allowed,
            left: signed(allowed).saturating_sub(signed(counts.bad)),
            left_share: counts.budget_left(target),
        }
    }
}

/// How fast a budget is spent, over one stretch of time before now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pace {
    /// How long it was looked at: an hour, and the long windows of its alerts; `1h`, `6h`, `1d`, `3d`.
    pub over: String,
    /// The same in minutes.
    #[serde(skip)]
    pub minutes: u32,
    /// How many times as fast as sustainable; nothing without an event.
    pub burn_rate: Option<f64>,
    /// In how many minutes the rest is spent at this pace, if nothing old leaves the window before;
    /// `None` if it is never spent at this pace, or is spent already.
    pub exhausted_in_minutes: Option<u64>,
}

impl Pace {
    /// Returns the pace of some minutes before now.
    pub fn new(
        minutes: u32,
        counts: Counts,
        left_share: f64,
        target: Target,
        window: Window,
    ) -> Pace {
        let burn_rate = counts.burn_rate(target);
        // At 1 and below, a window of that pace alone holds no more than the budget.
        let exhausted_in_minutes = burn_rate
            .filter(|rate| *rate > 1.0 && left_share > 0.0)
            .map(|rate| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "positive, and casts of floats stop at the limits"
                )]
                let minutes = (f64::from(window.length_minutes()) * left_share / rate) as u64;
                minutes
            });
        Pace {
            minutes,
            over: crate::text::numbers::window(minutes),
            burn_rate,
            exhausted_in_minutes,
        }
    }
}

/// Returns the paces that are recorded, of these lengths in minutes.
pub fn paces<'a>(
    recorded: impl Iterator<Item = (u32, &'a Counted)>,
    left_share: f64,
    target: Target,
    window: Window,
) -> Vec<Pace> {
    recorded
        .filter_map(|(minutes, counted)| {
            let counts = *counted.as_ref().ok()?;
            Some(Pace::new(minutes, counts, left_share, target, window))
        })
        .collect()
}

/// When more is left of a budget than a level says, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Back {
    /// With twice the traffic of the last week.
    pub earliest: i64,
    /// With the traffic of the last week.
    pub usual: i64,
    /// With half of it.
    pub latest: i64,
}

/// The events of a rolling window, hour by hour.
#[derive(Debug)]
pub struct ByHour {
    hours: Vec<Counts>,
    usual: Vec<u64>,
    now: i64,
}

impl ByHour {
    /// Returns the hours of a rolling window that ends now; they sum up to what is recorded of the
    /// whole window, or it is said that they don't. Hours in which nothing was recorded had no event,
    /// if that makes the sum right.
    ///
    /// # Errors
    /// With what is wrong with them.
    pub fn new(hours: &Hours, window: Counts, days: u16, now: i64) -> Result<ByHour, String> {
        let this_hour = now.div_euclid(HOUR);
        let first = (now - i64::from(days) * 24 * HOUR).div_euclid(HOUR);
        let of = |hour: i64| match hours.full.get(&hour) {
            Some(counted) => counted.clone(),
            None => Ok(Counts::default()),
        };
        let mut full = Vec::new();
        for hour in first + 1..this_hour {
            full.push(of(hour)?);
        }
        let this = match &hours.this {
            Some(counted) => counted.clone()?,
            None => Counts::default(),
        };
        let known = full.iter().fold(this, |sum, hour| sum + *hour);
        // The window began in the first hour: what is left of it is the rest.
        let rest = window
            .good
            .checked_sub(known.good)
            .zip(window.bad.checked_sub(known.bad))
            .map(|(good, bad)| Counts { good, bad });
        let oldest = of(first)?;
        let Some(rest) = rest.filter(|rest| rest.good <= oldest.good && rest.bad <= oldest.bad)
        else {
            return Err(format!(
                "its hours hold {} good and {} bad events, its window {} and {}: in a part of \
                 it, rules were not evaluated or counted otherwise, or the store no longer has what they recorded",
                known.good, known.bad, window.good, window.bad
            ));
        };
        let mut hours = vec![rest];
        hours.append(&mut full);
        let week = hours
            .len()
            .saturating_sub(usize::try_from(WEEK).unwrap_or(0))
            .max(1);
        let usual = hours[week.min(hours.len())..]
            .iter()
            .map(|hour| hour.valid())
            .collect();
        hours.push(this);
        Ok(ByHour { hours, usual, now })
    }

    /// Returns when more is left than a level says; `None` if more is left now.
    pub fn back(&self, level: Level) -> Option<Back> {
        let Recovery {
            earliest,
            usual,
            latest,
        } = recovery::recovery(&self.hours, &self.usual, level)?;
        // After the first hour is gone the clock stands at the end of an hour.
        let next_hour = self.now.div_euclid(HOUR) * HOUR + HOUR;
        let at = |hours: usize| match i64::try_from(hours).unwrap_or(i64::MAX) {
            0 => self.now,
            hours => next_hour + (hours - 1) * HOUR,
        };
        Some(Back {
            earliest: at(earliest),
            usual: at(usual),
            latest: at(latest),
        })
    }
}

/// Returns the level at which nothing of a budget is left.
pub fn spent(target: Target) -> Level {
    Level::new(target, Decimal::new(0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINES: Target = Target::from_percent(99.9);

    #[test]
    fn budgets_are_whole_events_and_never_clamped() {
        let budget = |good, bad| Budget::new(Counts { good, bad }, NINES);
        let some = budget(40_962, 38);
        assert_eq!((some.allowed, some.left), (41, 3));
        let missed = budget(100, 42);
        assert_eq!((missed.allowed, missed.left), (0, -42));
        assert!(missed.left_share < -200.0, "{missed:?}");
        let idle = budget(0, 0);
        assert_eq!(
            (idle.allowed, idle.left, idle.left_share.to_bits()),
            (0, 0, 1f64.to_bits())
        );
    }

    #[test]
    fn a_pace_that_can_go_on_exhausts_nothing() {
        let pace = |bad| {
            let counts = Counts {
                good: 1000 - bad,
                bad,
            };
            Pace::new(60, counts, 0.5, NINES, Window::days(30)).exhausted_in_minutes
        };
        assert_eq!(pace(0), None);
        assert_eq!(pace(1), None);
        // Twice as fast as sustainable: half of the budget lasts a quarter of the window.
        assert_eq!(pace(2), Some(30 * 1440 / 4));
        let spent = Counts { good: 0, bad: 9 };
        assert_eq!(
            Pace::new(60, spent, -1.0, NINES, Window::days(30)).exhausted_in_minutes,
            None
        );
    }

    /// `days` days of hours that end in the hour before now.
    fn hours(now: i64, days: i64, each: Counts) -> Hours {
        let this = now.div_euclid(HOUR);
        Hours {
            full: (this - days * 24..this)
                .map(|hour| (hour, Ok(each)))
                .collect(),
            this: Some(Ok(Counts { good: 5, bad: 0 })),
            counted: Some(now),
        }
    }

    #[test]
    fn hours_and_window_are_held_against_each_other() {
        let now = 1_000_000 * HOUR + 1800;
        let each = Counts { good: 10, bad: 0 };
        let hours = hours(now, 30, each);
        // 719 full hours, half of the first one, and the one that has begun.
        let window = Counts {
            good: 719 * 10 + 5 + 5,
            bad: 0,
        };
        assert!(ByHour::new(&hours, window, 30, now).is_ok());
        for (good, bad) in [(7189, 0), (7211, 0), (7200, 1)] {
            let wrong = ByHour::new(&hours, Counts { good, bad }, 30, now).unwrap_err();
            assert!(wrong.contains("were not evaluated"), "{wrong}");
        }
    }

    #[test]
    fn the_budget_is_back_when_the_incident_is_a_window_old() {
        let now = 1_000_000 * HOUR + 1800;
        let mut hours = hours(now, 30, Counts { good: 100, bad: 0 });
        let incident = 1_000_000 - 5 * 24;
        hours
            .full
            .insert(incident, Ok(Counts { good: 0, bad: 900 }));
        let window = Counts {
            good: 718 * 100 + 50 + 5,
            bad: 900,
        };
        let by_hour = ByHour::new(&hours, window, 30, now).unwrap();
        let back = by_hour.back(spent(NINES)).unwrap();
        let leaves = (incident + 1 + 720) * HOUR;
        assert_eq!(
            back,
            Back {
                earliest: leaves,
                usual: leaves,
                latest: leaves
            }
        );
        let whole = Counts {
            good: 719 * 100 + 55,
            bad: 0,
        };
        hours
            .full
            .insert(incident, Ok(Counts { good: 100, bad: 0 }));
        let by_hour = ByHour::new(&hours, whole, 30, now).unwrap();
        assert_eq!(by_hour.back(spent(NINES)), None);
    }
}
