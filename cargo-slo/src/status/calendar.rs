//! The budget of a calendar period: so far as a fact, of the whole of it as a forecast.

use super::{hours::Hours, period::Period};
use serde::Serialize;
use slo_model::{
    Target,
    budget::{self, Counts},
};

/// An hour in seconds.
const HOUR: i64 = 3600;

/// The hours of a week.
const WEEK: i64 = 7 * 24;

/// How many bad events the whole period may still hold, if traffic goes on as in the last week. A
/// forecast, and not a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Forecast {
    /// With half of that traffic.
    pub low: i64,
    /// With that traffic.
    pub usual: i64,
    /// With twice of it.
    pub high: i64,
}

/// What was counted in a calendar period until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoFar {
    /// The events since it began.
    pub counts: Counts,
    /// Hours of it, before this one, of which nothing is recorded.
    pub missing_hours: u64,
}

/// Returns what was counted since a period began. `before` is what the hour in which it began had
/// counted by then: 0 where it began with the hour.
///
/// # Errors
/// If what is recorded of an hour is not a count.
pub fn so_far(hours: &Hours, period: Period, before: Counts, now: i64) -> Result<SoFar, String> {
    let this_hour = now.div_euclid(HOUR);
    let first = period.start.div_euclid(HOUR);
    let mut sum = match &hours.this {
        Some(counted) => counted.clone()?,
        None => return Err("nothing is recorded of the hour that has begun".to_owned()),
    };
    let mut missing_hours = 0;
    for hour in first..this_hour {
        match hours.full.get(&hour) {
            Some(counted) => sum = sum + counted.clone()?,
            None => missing_hours += 1,
        }
    }
    let counts = sum
        .good
        .checked_sub(before.good)
        .zip(sum.bad.checked_sub(before.bad))
        .map(|(good, bad)| Counts { good, bad });
    match counts {
        Some(counts) => Ok(SoFar {
            counts,
            missing_hours,
        }),
        None => Err("the hour in which the period began held less than before it".to_owned()),
    }
}

/// Returns how many bad events the whole period may still hold.
pub fn forecast(
    hours: &Hours,
    period: Period,
    so_far: Counts,
    target: Target,
    now: i64,
) -> Forecast {
    let this_hour = now.div_euclid(HOUR);
    // The same hour of the week, in the last week.
    let usual = |hour: i64| {
        let weeks = (hour - this_hour) / WEEK + 1;
        let counted = hours.full.get(&(hour - weeks * WEEK));
        counted
            .and_then(|counted| counted.as_ref().ok())
            .map_or(0, |counts| counts.valid())
    };
    let last = (period.end - 1).div_euclid(HOUR);
    let to_come: u64 = (this_hour + 1..=last).map(usual).sum();
    let left = |to_come: u64| {
        let allowed = budget::events(so_far.valid().saturating_add(to_come), target);
        let signed = |events: u64| i64::try_from(events).unwrap_or(i64::MAX);
        signed(allowed).saturating_sub(signed(so_far.bad))
    };
    Forecast {
        low: left(to_come / 2),
        usual: left(to_come),
        high: left(to_come.saturating_mul(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(full: &[(i64, u64, u64)], this: Counts) -> Hours {
        let full = full.iter().map(|(hour, good, bad)| {
            (
                *hour,
                Ok(Counts {
                    good: *good,
                    bad: *bad,
                }),
            )
        });
        Hours {
            full: full.collect(),
            this: Some(Ok(this)),
            counted: None,
        }
    }

    const NONE: Counts = Counts { good: 0, bad: 0 };

    #[test]
    fn a_period_that_begins_with_an_hour_has_these_hours() {
        let period = Period {
            start: 100 * HOUR,
            end: 200 * HOUR,
        };
        let all = [(98, 7, 7), (99, 7, 7), (100, 10, 1), (102, 20, 2)];
        let hours = hours(&all, Counts { good: 3, bad: 0 });
        let now = 103 * HOUR + 5;
        let expected = SoFar {
            counts: Counts { good: 33, bad: 3 },
            missing_hours: 1,
        };
        assert_eq!(so_far(&hours, period, NONE, now), Ok(expected));
    }

    #[test]
    fn a_period_that_begins_within_an_hour_has_the_rest_of_it() {
        let period = Period {
            start: 100 * HOUR + 1800,
            end: 200 * HOUR,
        };
        let hours = hours(&[(100, 10, 4), (101, 1, 0)], NONE);
        let before = Counts { good: 6, bad: 4 };
        let found = so_far(&hours, period, before, 102 * HOUR).unwrap();
        assert_eq!(found.counts, Counts { good: 5, bad: 0 });
        let wrong = Counts { good: 99, bad: 0 };
        assert!(so_far(&hours, period, wrong, 102 * HOUR).is_err());
    }

    #[test]
    fn the_forecast_takes_the_hours_of_the_last_week() {
        let target = Target::from_percent(99.0);
        let now = 1_000 * HOUR + 10;
        // One event an hour, and a thousand in the hour that comes again in three hours.
        let mut all: Vec<_> = (1_000 - WEEK..1_000).map(|hour| (hour, 1, 0)).collect();
        all[3] = (1_000 - WEEK + 3, 1_000, 0);
        let hours = hours(&all, NONE);
        let until = |end| {
            let period = Period { start: 0, end };
            forecast(
                &hours,
                period,
                Counts {
                    good: 1_000,
                    bad: 1,
                },
                target,
                now,
            )
        };
        assert_eq!(
            until(1_003 * HOUR),
            Forecast {
                low: 9,
                usual: 9,
                high: 9
            }
        );
        assert_eq!(
            until(1_004 * HOUR),
            Forecast {
                low: 14,
                usual: 19,
                high: 29
            }
        );
        // It comes again a week later.
        assert_eq!(until((1_004 + WEEK) * HOUR).usual, 10 + 20 + 1 - 1);
    }
}
