//! Days.

use serde::{Deserialize, Deserializer};
use std::{fmt, str::FromStr, time::SystemTime};

/// A day in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first day of 1970.
    pub(crate) const EPOCH: Date = Date {
        year: 1970,
        month: 1,
        day: 1,
    };

    /// Returns the day it is now, in UTC.
    pub fn today() -> Date {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Date::after_epoch(since.map_or(0, |since| since.as_secs() / 86_400))
    }

    /// The day that many days after the first of 1970.
    pub(crate) fn after_epoch(mut days: u64) -> Date {
        let (mut year, mut month) = (1970, 1);
        while days >= days_in_year(year) && year < 9999 {
            days -= days_in_year(year);
            year += 1;
        }
        while days >= days_in_month(year, month) && month < 12 {
            days -= days_in_month(year, month);
            month += 1;
        }
        let day = u8::try_from(days + 1).unwrap_or(31);
        Date { year, month, day }
    }

    /// Days from another day to this one; 0 where the other is later.
    pub fn days_since(self, other: Date) -> u64 {
        self.since_year_0().saturating_sub(other.since_year_0())
    }

    /// The day that many days after this one.
    pub(crate) fn later(self, days: u64) -> Date {
        let epoch = Date::EPOCH.since_year_0();
        Date::after_epoch((self.since_year_0() + days).saturating_sub(epoch))
    }

    fn since_year_0(self) -> u64 {
        let years: u64 = (0..self.year).map(days_in_year).sum();
        let months: u64 = (1..self.month)
            .map(|month| days_in_month(self.year, month))
            .sum();
        years + months + u64::from(self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u16) -> u64 {
    365 + u64::from(is_leap(year))
}

fn days_in_month(year: u16, month: u8) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(is_leap(year)),
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The text is not a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoDate(String);

impl fmt::Display for NoDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a day; expected one such as 2026-05-31",
            self.0
        )
    }
}

impl std::error::Error for NoDate {}

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Date, NoDate> {
        let read = || {
            let bytes = text.as_bytes();
            let is_date = bytes.len() == 10
                && bytes.iter().enumerate().all(|(i, b)| match i {
                    4 | 7 => *b == b'-',
                    _ => b.is_ascii_digit(),
                });
            if !is_date {
                return None;
            }
            let (year, month, day) = (
                text[..4].parse().ok()?,
                text[5..7].parse().ok()?,
                text[8..].parse().ok()?,
            );
            let is_day = (1..=12).contains(&month)
                && day >= 1
                && u64::from(day) <= days_in_month(year, month);
            is_day.then_some(Date { year, month, day })
        };
        read().ok_or_else(|| NoDate(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        written(deserializer)
    }
}

/// Reads a date, a time or both as TOML writes them; in quotes they are as good.
pub(super) fn written<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Date(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer) {
        Ok(Written::Date(date)) => date.to_string(),
        Ok(Written::Text(text)) => text,
        Err(_) => "this".to_owned(),
    };
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        assert_eq!(Date::after_epoch(0).to_string(), "1970-01-01");
        assert_eq!(Date::after_epoch(11_016).to_string(), "2000-02-29");
        assert_eq!(Date::after_epoch(20_600).to_string(), "2026-05-27");
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(date("2024-03-01").days_since(date("2024-02-28")), 2);
        assert_eq!(date("2024-02-28").days_since(date("2024-03-01")), 0);
        for text in [
            "",
            "2026-5-1",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-01-01T00:00",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn days_count_up(days in 0u64..500_000) {
            let (one, next) = (Date::after_epoch(days), Date::after_epoch(days + 1));
            proptest::prop_assert_eq!(next.days_since(one), 1);
            proptest::prop_assert_eq!(one.later(1), next);
            proptest::prop_assert_eq!(one.to_string().parse::<Date>().unwrap(), one);
        }
    }
}
