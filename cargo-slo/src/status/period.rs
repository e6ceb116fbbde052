//! The stretch of time that the window of an SLO covers at one moment.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use slo_model::{Calendar, Window};
use std::fmt;

/// A day of 24 hours, in seconds.
const DAY: i64 = 86_400;

/// A stretch of time, in seconds since 1970: from its start until right before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first second.
    pub start: i64,
    /// The first second after it: of a rolling window the moment itself, of a calendar period the
    /// start of the next one.
    pub end: i64,
}

impl Period {
    /// Returns its length in seconds; days on which clocks are changed are shorter or longer.
    pub const fn seconds(self) -> i64 {
        self.end - self.start
    }
}

/// The moment is in no year that calendars are known for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPeriod;

impl fmt::Display for NoPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the moment is outside of the years that calendars are known for")
    }
}

impl std::error::Error for NoPeriod {}

/// Returns what a window covers at a moment, in seconds since 1970. Calendar periods begin with the
/// first moment of a day in the time zone; weeks begin on Mondays.
///
/// # Errors
/// If the moment, or the end of its period, is outside of the years that calendars are known for.
pub fn of(window: Window, now: i64, zone: &TimeZone) -> Result<Period, NoPeriod> {
    let calendar = match window {
        Window::Rolling { days } => {
            return Ok(Period {
                start: now - i64::from(days) * DAY,
                end: now,
            });
        }
        Window::Calendar(calendar) => calendar,
    };
    let moment = Timestamp::from_second(now).map_err(|_| NoPeriod)?;
    let (first, next) = days(calendar, moment.to_zoned(zone.clone()).date()).ok_or(NoPeriod)?;
    let begins = |day: Date| {
        let midnight = day.to_zoned(zone.clone());
        midnight.map(|midnight| midnight.timestamp().as_second())
    };
    match (begins(first), begins(next)) {
        (Ok(start), Ok(end)) => Ok(Period { start, end }),
        _ => Err(NoPeriod),
    }
}

/// The first day of the calendar period that a day is in, and that of the next one.
fn days(calendar: Calendar, day: Date) -> Option<(Date, Date)> {
    let (first, length) = match calendar {
        Calendar::Week => {
            let since_monday = day.weekday().to_monday_zero_offset();
            (
                day.checked_sub(i64::from(since_monday).days()).ok()?,
                1.week(),
            )
        }
        Calendar::Month => (day.first_of_month(), 1.month()),
        Calendar::Quarter => {
            let month = (day.month() - 1) / 3 * 3 + 1;
            (Date::new(day.year(), month, 1).ok()?, 3.months())
        }
        Calendar::Year => (day.first_of_year(), 1.year()),
    };
    Some((first, first.checked_add(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CALENDARS: [Window; 4] = [Window::WEEK, Window::MONTH, Window::QUARTER, Window::YEAR];

    /// Clocks that change at midnight, by half an hour, at the end of the day, or never; days that
    /// were left out; hours that are none.
    const ZONES: [&str; 12] = [
        "UTC",
        "Asia/Tokyo",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Atlantic/Azores",
        "America/Havana",
    ];

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn seconds(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn calendars_begin_with_the_day_where_people_are() {
        for (window, zone_name, now, start, end) in [
            (
                Window::MONTH,
                "Asia/Tokyo",
                "2026-11-30T15:00:00Z",
                "2026-11-30T15:00:00Z",
                "2026-12-31T15:00:00Z",
            ),
            (
                Window::MONTH,
                "UTC",
                "2024-02-29T23:59:59Z",
                "2024-02-01T00:00:00Z",
                "2024-03-01T00:00:00Z",
            ),
            (
                Window::WEEK,
                "Europe/Berlin",
                "2026-03-29T12:00:00Z",
                "2026-03-22T23:00:00Z",
                "2026-03-29T22:00:00Z",
            ),
            (
                Window::QUARTER,
                "America/New_York",
                "2026-12-31T23:59:00Z",
                "2026-10-01T04:00:00Z",
                "2027-01-01T05:00:00Z",
            ),
            (
                Window::YEAR,
                "Asia/Kolkata",
                "2026-06-01T00:00:00Z",
                "2025-12-31T18:30:00Z",
                "2026-12-31T18:30:00Z",
            ),
            (
                Window::days(30),
                "Asia/Tokyo",
                "2026-11-30T15:00:00Z",
                "2026-10-31T15:00:00Z",
                "2026-11-30T15:00:00Z",
            ),
        ] {
            let period = of(window, seconds(now), &zone(zone_name)).unwrap();
            let expected = Period {
                start: seconds(start),
                end: seconds(end),
            };
            assert_eq!(period, expected, "{window} in {zone_name} at {now}");
        }
        // The week in which clocks go forward has an hour less.
        let week = of(
            Window::WEEK,
            seconds("2026-03-29T12:00:00Z"),
            &zone("Europe/Berlin"),
        );
        assert_eq!(week.unwrap().seconds(), 7 * DAY - 3600);
    }

    /// Every month, quarter and year of these years has the days that people count.
    #[test]
    fn months_have_their_days_in_leap_years_too() {
        for year in 2024i64..=2040 {
            let february = 28 + i64::from(year % 4 == 0);
            let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let whole = |window, moment| of(window, moment, &TimeZone::UTC).unwrap();
            for (month, length) in (1..).zip(days) {
                let first = seconds(&format!("{year}-{month:02}-01T00:00:00Z"));
                let last = seconds(&format!("{year}-{month:02}-{length}T23:59:59Z"));
                let quarter: i64 = days[(month - 1) / 3 * 3..][..3].iter().sum();
                for moment in [first, last] {
                    let period = whole(Window::MONTH, moment);
                    assert_eq!(
                        [period.start, period.end],
                        [first, last + 1],
                        "{year}-{month}"
                    );
                    assert_eq!(whole(Window::QUARTER, moment).seconds(), quarter * DAY);
                    let year_days: i64 = days.iter().sum();
                    assert_eq!(whole(Window::YEAR, moment).seconds(), year_days * DAY);
                }
            }
        }
    }

    /// Where clocks go forward at midnight, the day begins an hour later.
    #[test]
    fn a_day_without_midnight_has_a_first_moment() {
        // In São Paulo, the fourth of November 2018 began at one o'clock.
        let moment = seconds("2018-11-04T12:00:00Z");
        let week = of(Window::WEEK, moment, &zone("America/Sao_Paulo")).unwrap();
        assert_eq!(week.seconds(), 7 * DAY - 3600);
        // Samoa had no 30th of December 2011.
        let year = of(
            Window::YEAR,
            seconds("2011-06-01T00:00:00Z"),
            &zone("Pacific/Apia"),
        );
        assert_eq!(year.unwrap().seconds(), 364 * DAY);
    }

    #[test]
    fn no_moment_makes_it_panic() {
        for now in [i64::MIN / 2, -1 << 50, 1 << 50, i64::MAX / 2] {
            for window in CALENDARS {
                assert_eq!(of(window, now, &TimeZone::UTC), Err(NoPeriod));
            }
        }
    }

    proptest! {
        /// Periods follow each other without a gap, hold the moment, and begin with a day.
        #[test]
        fn periods_tile_the_time(
            now in 0i64..4_000_000_000,
            zone_index in 0..ZONES.len(),
            window in 0..CALENDARS.len(),
        ) {
            let (zone, window) = (zone(ZONES[zone_index]), CALENDARS[window]);
            let period = of(window, now, &zone).unwrap();
            prop_assert!(period.start <= now && now < period.end);
            let next = of(window, period.end, &zone).unwrap();
            prop_assert_eq!(next.start, period.end);
            let before = of(window, period.start - 1, &zone).unwrap();
            prop_assert_eq!(before.end, period.start);
            prop_assert_eq!(of(window, period.end - 1, &zone).unwrap(), period);
            let day = |second| {
                Timestamp::from_second(second).unwrap().to_zoned(zone.clone()).date()
            };
            prop_assert_ne!(day(period.start - 1), day(period.start));
            match window {
                Window::WEEK => prop_assert_eq!(day(period.start).weekday(), jiff::civil::Weekday::Monday),
                Window::YEAR => prop_assert_eq!(day(period.start).day_of_year(), 1),
                _ => prop_assert_eq!(day(period.start).day(), 1),
            }
        }

        /// A rolling window has the same length whatever clocks do.
        #[test]
        fn rolling_windows_know_no_clocks(now in 0i64..4_000_000_000, days in 1u16..=366) {
            let period = of(Window::days(days), now, &zone("Europe/Berlin")).unwrap();
            prop_assert_eq!((period.end, period.seconds()), (now, i64::from(days) * DAY));
        }
    }
}
