//! How much of a budget is too much to be left, and how often.

use super::{Share, share::NoShare};
use serde::Deserialize;
use std::fmt;

/// A share of the budget that is too much to be left: more than 0%, at most 100%.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct UnspentShare(Share);

impl UnspentShare {
    /// Returns the share.
    pub const fn share(self) -> Share {
        self.0
    }
}

impl TryFrom<String> for UnspentShare {
    type Error = NoUnspentShare;

    fn try_from(text: String) -> Result<UnspentShare, NoUnspentShare> {
        let share: Share = text.parse().map_err(NoUnspentShare::NoShare)?;
        match share == Share::from_percent(0) {
            true => Err(NoUnspentShare::Always),
            false => Ok(UnspentShare(share)),
        }
    }
}

/// The text is not a share that may be left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoUnspentShare {
    /// It is not a share.
    NoShare(NoShare),
    /// So much is always left.
    Always,
}

impl fmt::Display for NoUnspentShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoUnspentShare::NoShare(error) => error.fmt(f),
            NoUnspentShare::Always => f.write_str(
                "`0%` or more is left in every window that keeps its target; expected more than 0%, \
                 such as `90%`",
            ),
        }
    }
}

impl std::error::Error for NoUnspentShare {}

/// A number of windows in a row, 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct WindowCount(u8);

impl WindowCount {
    const MAX: u8 = 12;

    /// Returns the number.
    pub fn count(self) -> usize {
        self.0.into()
    }
}

impl TryFrom<i64> for WindowCount {
    type Error = NoWindowCount;

    fn try_from(number: i64) -> Result<WindowCount, NoWindowCount> {
        let count = u8::try_from(number).ok();
        count
            .filter(|count| (1..=WindowCount::MAX).contains(count))
            .map(WindowCount)
            .ok_or(NoWindowCount(number))
    }
}

/// So many windows are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWindowCount(i64);

impl fmt::Display for NoWindowCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = WindowCount::MAX;
        write!(
            f,
            "`{}` is not a number of windows; expected 1 to {most}",
            self.0
        )
    }
}

impl std::error::Error for NoWindowCount {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_always_left_is_not_too_much() {
        let share = |text: &str| UnspentShare::try_from(text.to_owned());
        assert_eq!(share("90%").unwrap().share().to_string(), "90%");
        assert!(share("0.1%").is_ok() && share("100%").is_ok());
        assert_eq!(share("0%"), Err(NoUnspentShare::Always));
        assert_eq!(share("0.00 %"), Err(NoUnspentShare::Always));
        assert!(matches!(share("90"), Err(NoUnspentShare::NoShare(_))));
    }

    #[test]
    fn windows_are_counted_up_to_a_year_of_months() {
        for number in [1, 12] {
            let count = WindowCount::try_from(number).unwrap().count();
            assert_eq!(i64::try_from(count), Ok(number));
        }
        for number in [i64::MIN, -1, 0, 13, 257, i64::MAX] {
            assert_eq!(WindowCount::try_from(number), Err(NoWindowCount(number)));
        }
    }
}
