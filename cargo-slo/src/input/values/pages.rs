//! How often people may be paged.

use super::Traffic;
use serde::Deserialize;
use slo_model::Decimal;
use std::{fmt, str::FromStr};

/// A number of pages in a period: `1/month`, `2/year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pages(Decimal);

impl Pages {
    /// Pages a month.
    pub const fn a_month(self) -> Decimal {
        self.0
    }
}

/// One a month.
impl Default for Pages {
    fn default() -> Pages {
        Pages(Decimal::new(1, 1))
    }
}

/// The text is not a number of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPages(String);

impl fmt::Display for NoPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a number of pages; expected some per day, week, month or year, such as \
             `1/month`",
            self.0
        )
    }
}

impl std::error::Error for NoPages {}

impl FromStr for Pages {
    type Err = NoPages;

    fn from_str(text: &str) -> Result<Pages, NoPages> {
        // They are counted like traffic.
        let pages: Traffic = text.parse().map_err(|_| NoPages(text.to_owned()))?;
        Ok(Pages(pages.in_minutes(30 * 1440)))
    }
}

impl TryFrom<String> for Pages {
    type Error = NoPages;

    fn try_from(text: String) -> Result<Pages, NoPages> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_become_months() {
        let monthly = |text: &str| text.parse::<Pages>().unwrap().a_month().to_string();
        assert_eq!(
            ["1/month", "0.1/day", "73/year"].map(monthly),
            ["1", "3", "6"]
        );
        let error = "never".parse::<Pages>().unwrap_err().to_string();
        assert!(error.contains("such as `1/month`"), "{error}");
    }
}
