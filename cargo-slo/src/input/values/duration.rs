//! Lengths of time.

use super::number::number;
use serde::Deserialize;
use std::{fmt, str::FromStr, time::Duration};

/// Units with their nanoseconds.
const UNITS: [(&str, u128); 7] = [
    // `ms` and `us` before `s`, which they end with.
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// Longer ones are a slip: no alert looks back further.
const MAX_NANOS: u128 = 366 * 86_400_000_000_000;

/// A length of time: `500ms`, `1.5s`, `5m`, `6h`, `3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Length(Duration);

impl Length {
    /// The same for arithmetic.
    pub const fn duration(self) -> Duration {
        self.0
    }
}

/// A whole number of minutes, written like a [`Length`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Minutes(u32);

impl Minutes {
    /// Returns how many.
    pub const fn count(self) -> u32 {
        self.0
    }
}

impl TryFrom<String> for Minutes {
    type Error = NoLength;

    fn try_from(text: String) -> Result<Minutes, NoLength> {
        let seconds = text.parse::<Length>()?.0;
        let minutes = u32::try_from(seconds.as_secs() / 60).ok();
        let is_whole = seconds.subsec_nanos() == 0 && seconds.as_secs().is_multiple_of(60);
        minutes
            .filter(|_| is_whole)
            .map(Minutes)
            .ok_or(NoLength(text))
    }
}

/// The text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoLength(String);

impl fmt::Display for NoLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a duration; expected up to 366 days, such as `500ms`, `30s`, `5m`, \
             `6h` or `3d`",
            self.0
        )
    }
}

impl std::error::Error for NoLength {}

impl FromStr for Length {
    type Err = NoLength;

    fn from_str(text: &str) -> Result<Length, NoLength> {
        let read = || {
            let (count, unit) = UNITS
                .iter()
                .find_map(|(unit, size)| Some((text.trim().strip_suffix(unit)?, *size)))?;
            let nanoseconds = number(count.trim_end())?.times(slo_model::Decimal::new(unit, 1));
            let (nanoseconds, parts) = nanoseconds.parts();
            if parts != 1 || nanoseconds == 0 || nanoseconds > MAX_NANOS {
                return None;
            }
            Some(Length(Duration::from_nanos(nanoseconds.try_into().ok()?)))
        };
        read().ok_or_else(|| NoLength(text.to_owned()))
    }
}

impl TryFrom<String> for Length {
    type Error = NoLength;

    fn try_from(text: String) -> Result<Length, NoLength> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for (text, nanoseconds) in [
            ("500ms", 500_000_000),
            ("1.5s", 1_500_000_000),
            ("250us", 250_000),
            ("250 µs", 250_000),
            ("5m", 300_000_000_000),
            ("3d", 259_200_000_000_000),
        ] {
            assert_eq!(
                text.parse::<Length>().unwrap().duration().as_nanos(),
                nanoseconds
            );
        }
        assert_eq!(Minutes::try_from("6h".to_owned()).unwrap().count(), 360);
        assert!(Minutes::try_from("90s".to_owned()).is_err());
        for text in [
            "",
            "5",
            "s",
            "0s",
            "-1s",
            "1y",
            "367d",
            "0.0000001us",
            "1h30m",
        ] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn milliseconds_read_back(n in 1u64..31_000_000_000) {
            let length: Length = format!("{n}ms").parse().unwrap();
            proptest::prop_assert_eq!(length.duration(), Duration::from_millis(n));
        }

        #[test]
        fn no_text_is_too_wild(text: String) {
            let _ = text.parse::<Length>();
        }
    }
}
