//! Shares of a budget.

use super::number::number;
use serde::Deserialize;
use slo_model::Decimal;
use std::{fmt, str::FromStr};

/// A share of a whole in percent, 0 to 100: `50%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Share(Decimal);

impl Share {
    /// The share of whole percent, 0 to 100.
    pub(crate) const fn from_percent(percent: u8) -> Share {
        assert!(percent <= 100, "a share is at most the whole");
        Share(Decimal::new(percent as u128, 1))
    }

    /// Returns the percent.
    pub const fn percent(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// The text is not a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoShare(String);

impl fmt::Display for NoShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a share; expected 0% to 100%, such as `50%`",
            self.0
        )
    }
}

impl std::error::Error for NoShare {}

impl FromStr for Share {
    type Err = NoShare;

    fn from_str(text: &str) -> Result<Share, NoShare> {
        text.trim()
            .strip_suffix('%')
            .and_then(|percent| number(percent.trim_end()))
            .filter(|percent| !Decimal::new(100, 1).is_less_than(*percent))
            .map(Share)
            .ok_or_else(|| NoShare(text.to_owned()))
    }
}

impl TryFrom<String> for Share {
    type Error = NoShare;

    fn try_from(text: String) -> Result<Share, NoShare> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_to_a_hundred() {
        for (text, percent) in [("0%", "0"), ("12.5 %", "12.5"), ("100%", "100")] {
            assert_eq!(
                text.parse::<Share>().unwrap().percent().to_string(),
                percent
            );
        }
        for text in ["", "50", "101%", "-1%", "%"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
