//! How many events are expected.

use super::number::number;
use serde::Deserialize;
use slo_model::{Decimal, Window};
use std::{fmt, str::FromStr};

/// Units of time with their minutes; a month is 30 days, as in windows.
const UNITS: [(&str, u128, u128); 7] = [
    ("second", 1, 60),
    ("minute", 1, 1),
    ("hour", 60, 1),
    ("day", 1440, 1),
    ("week", 7 * 1440, 1),
    ("month", 30 * 1440, 1),
    ("year", 365 * 1440, 1),
];

/// Valid events that are expected in a period: `526/month`, `1_200/day`, `3.5/second`.
///
/// ```
/// use cargo_slo::input::values::Traffic;
/// use slo_model::Window;
/// let traffic: Traffic = "526/month".parse().unwrap();
/// assert_eq!(traffic.within(Window::days(30)), 526);
/// assert_eq!(traffic.within(Window::days(7)), 122);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Traffic {
    per_minute: Decimal,
}

impl Traffic {
    /// As many valid events in the given number of days; `None` if there were none.
    pub fn measured(events: u64, days: u64) -> Option<Traffic> {
        (events > 0 && days > 0).then(|| Traffic {
            per_minute: Decimal::new(events.into(), u128::from(days) * 1440),
        })
    }

    /// Valid events in a window at even traffic, rounded down.
    pub fn within(self, window: Window) -> u64 {
        u64::try_from(self.in_minutes(window.length_minutes()).floor()).unwrap_or(u64::MAX)
    }

    /// Valid events in a number of minutes, exactly.
    pub fn in_minutes(self, minutes: u32) -> Decimal {
        self.per_minute.times(Decimal::new(minutes.into(), 1))
    }

    /// Valid events in a minute, exactly; never 0.
    pub const fn per_minute(self) -> Decimal {
        self.per_minute
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Traffic) -> Traffic {
        // Both are small multiples of one in 60 × 24 × 365 × 10^9, so the product fits.
        let ((a, b), (c, d)) = (self.per_minute.parts(), other.per_minute.parts());
        let sum = match (a.checked_mul(d), c.checked_mul(b), b.checked_mul(d)) {
            (Some(one), Some(two), Some(under)) if one.checked_add(two).is_some() => {
                Decimal::new(one + two, under)
            }
            // Only of made-up numbers: the larger one is nearer to the sum than nothing.
            _ if self.per_minute.is_less_than(other.per_minute) => other.per_minute,
            _ => self.per_minute,
        };
        Traffic { per_minute: sum }
    }
}

/// The text is not traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTraffic(String);

impl fmt::Display for NoTraffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not traffic; expected events per second, minute, hour, day, week, month or \
             year, such as `526/month`",
            self.0
        )
    }
}

impl std::error::Error for NoTraffic {}

impl FromStr for Traffic {
    type Err = NoTraffic;

    fn from_str(text: &str) -> Result<Traffic, NoTraffic> {
        let read = || {
            let (count, unit) = text.split_once('/')?;
            let count = number(count.trim())?;
            let unit = unit.trim();
            let (_, minutes, parts) = UNITS.iter().find(|(name, ..)| *name == unit)?;
            let per_minute = count.times(Decimal::new(*parts, *minutes));
            (per_minute.parts().0 > 0).then_some(Traffic { per_minute })
        };
        read().ok_or_else(|| NoTraffic(text.to_owned()))
    }
}

impl TryFrom<String> for Traffic {
    type Error = NoTraffic;

    fn try_from(text: String) -> Result<Traffic, NoTraffic> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_windows() {
        let within = |text: &str, days| text.parse::<Traffic>().unwrap().within(Window::days(days));
        assert_eq!(within("526/month", 30), 526);
        assert_eq!(within("526 / month", 90), 1578);
        assert_eq!(within("1_200/day", 30), 36_000);
        assert_eq!(within("0.5/second", 1), 43_200);
        assert_eq!(within("1/year", 30), 0);
        let both = "1/hour"
            .parse::<Traffic>()
            .unwrap()
            .and("2/day".parse().unwrap());
        assert_eq!(both.within(Window::days(1)), 26);
    }

    #[test]
    fn what_is_none_is_refused_with_an_example() {
        for text in [
            "",
            "526",
            "526/",
            "/month",
            "526/fortnight",
            "0/day",
            "-1/day",
            "many/day",
            "1/day/day",
        ] {
            let error = text.parse::<Traffic>().unwrap_err().to_string();
            assert!(error.contains("such as `526/month`"), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn windows_hold_what_was_said(count in 1u64..1_000_000_000_000, days in 1u16..366) {
            let daily: Traffic = format!("{count}/day").parse().unwrap();
            proptest::prop_assert_eq!(daily.within(Window::days(days)), count * u64::from(days));
        }

        #[test]
        fn sums_are_exact(a in 1u64..1_000_000_000, b in 1u64..1_000_000_000, one in 0usize..7, two in 0usize..7) {
            let read = |n: u64, unit: usize| format!("{n}/{}", UNITS[unit].0).parse::<Traffic>().unwrap();
            let (x, y) = (read(a, one), read(b, two));
            let sum = x.and(y);
            // Taken away again, the other is left.
            proptest::prop_assert_eq!(sum.per_minute().less(x.per_minute()), y.per_minute());
        }

        #[test]
        fn no_text_is_too_wild(text: String) {
            let _ = text.parse::<Traffic>();
        }
    }
}
