//! Moments.

use super::date::written;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use std::{fmt, str::FromStr};

/// A moment, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// Returns the seconds since 1970.
    pub fn second(self) -> i64 {
        self.0.as_second()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is not a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoMoment(String);

impl fmt::Display for NoMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a moment; expected one with its distance from UTC, such as \
             2026-05-31T09:00:00+09:00 or 2026-05-31T00:00:00Z",
            self.0
        )
    }
}

impl std::error::Error for NoMoment {}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Moment, NoMoment> {
        let moment = text.parse().map(Moment);
        moment.map_err(|_| NoMoment(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        written(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_distance_from_utc() {
        #[derive(Deserialize)]
        struct At {
            at: Moment,
        }
        for text in ["2026-05-31T09:00:00+09:00", "\"2026-05-31 00:00:00Z\""] {
            let read: At = toml::from_str(&format!("at = {text}")).unwrap();
            assert_eq!(read.at.second(), 1_780_185_600, "{text}");
            assert_eq!(read.at.to_string(), "2026-05-31T00:00:00Z");
        }
        for text in ["2026-05-31", "2026-05-31T09:00:00", "\"yesterday\"", "12"] {
            let read = toml::from_str::<At>(&format!("at = {text}"));
            assert!(read.is_err(), "{text}");
        }
    }
}
