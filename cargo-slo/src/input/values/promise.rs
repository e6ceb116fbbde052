//! Targets and thresholds, in the notation of the annotation.

use super::{Length, number::number};
use serde::Deserialize;
use slo_model::{Decimal, PPB, Target};
use std::{fmt, str::FromStr, time::Duration};

/// What is promised: `99.9%` of the events, or `99% < 500ms`, that many in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Promise {
    /// The share of valid events.
    pub target: Target,
    /// An event is in time if it took at most this long.
    pub threshold: Option<Duration>,
}

/// The text is not an objective.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPromise(String);

impl fmt::Display for NoPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a target; expected more than 0% and less than 100%, with at most seven \
             decimals, such as `99.9%`, or with a threshold such as `99% < 500ms`",
            self.0
        )
    }
}

impl std::error::Error for NoPromise {}

impl FromStr for Promise {
    type Err = NoPromise;

    fn from_str(text: &str) -> Result<Promise, NoPromise> {
        let read = || {
            let (target, threshold) = match text.split_once('<') {
                Some((target, threshold)) => (target, Some(threshold.parse::<Length>().ok()?)),
                None => (text, None),
            };
            let percent = number(target.trim().strip_suffix('%')?.trim_end())?;
            let (ppb, parts) = percent
                .times(Decimal::new(u128::from(PPB) / 100, 1))
                .parts();
            if parts != 1 {
                return None;
            }
            Some(Promise {
                target: Target::try_from_ppb(ppb.try_into().ok()?)?,
                threshold: threshold.map(Length::duration),
            })
        };
        read().ok_or_else(|| NoPromise(text.to_owned()))
    }
}

impl TryFrom<String> for Promise {
    type Error = NoPromise;

    fn try_from(text: String) -> Result<Promise, NoPromise> {
        text.parse()
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        match self.threshold {
            Some(threshold) => write!(f, " < {threshold:?}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_targets() {
        for (text, shown) in [
            ("99.9%", "99.9%"),
            ("99 %", "99%"),
            ("99.9999999%", "99.9999999%"),
            ("99% < 500ms", "99% < 500ms"),
            ("50%<1.5s", "50% < 1.5s"),
        ] {
            assert_eq!(text.parse::<Promise>().unwrap().to_string(), shown);
        }
        for text in [
            "",
            "99.9",
            "100%",
            "0%",
            "101%",
            "99.99999999%",
            "99% < ",
            "99% < fast",
            "< 5ms",
        ] {
            assert!(text.parse::<Promise>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_target_reads_back(ppb in 1u32..PPB) {
            let target = Target::from_ppb(ppb);
            proptest::prop_assert_eq!(target.to_string().parse::<Promise>().unwrap().target, target);
        }
    }
}
