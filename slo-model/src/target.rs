//! The share of good events a service promises.

use crate::Decimal;
use std::fmt;

/// Parts in one: targets are counted in parts per billion.
pub const PPB: u32 = 1_000_000_000;

/// The share of valid events that must be good, between 0 % and 100 %, both excluded.
///
/// Held in parts per billion, so `99.9%` is exactly 999,000,000 and the error budget
/// exactly 1,000,000: no binary fraction is ever stored, compared or exported.
///
/// ```
/// use slo_model::Target;
/// const TARGET: Target = Target::from_percent(99.95);
/// assert_eq!(TARGET.ppb(), 999_500_000);
/// assert_eq!(TARGET.to_string(), "99.95%");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(u32);

impl Target {
    /// The target in percent, with at most seven decimals.
    ///
    /// # Panics
    /// At compile time in a constant: below 1 %, at 100 % and above, or if the
    /// number has more decimals than parts per billion can hold.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked before the cast"
    )]
    pub const fn from_percent(percent: f64) -> Target {
        assert!(percent > 0.0, "a target of 0 % or less promises nothing");
        assert!(
            percent < 100.0,
            "a target of 100 % leaves no error budget: every deployment and every alert would break it"
        );
        assert!(
            percent >= 1.0,
            "a target below 1 % lets nearly everything fail; did you mean 99.9 %? A target is written in percent: `99.9`, not `0.999`"
        );
        let scaled = percent * 10_000_000.0;
        let ppb = (scaled + 0.5) as u32;
        let off = scaled - ppb as f64;
        assert!(
            off < 0.001 && off > -0.001,
            "a target has at most seven decimals (parts per billion)"
        );
        Target::from_ppb(ppb)
    }

    /// Returns the target in parts per billion.
    ///
    /// # Panics
    /// At 0 and at 1,000,000,000 and above.
    pub const fn from_ppb(ppb: u32) -> Target {
        match Target::try_from_ppb(ppb) {
            Some(target) => target,
            None => panic!("a target lies between 0 and 1,000,000,000 parts per billion"),
        }
    }

    /// Returns the target in parts per billion, or `None` if it is 0 % or 100 % and above.
    pub const fn try_from_ppb(ppb: u32) -> Option<Target> {
        if ppb == 0 || ppb >= PPB {
            None
        } else {
            Some(Target(ppb))
        }
    }

    /// Parts per billion that must be good.
    pub const fn ppb(self) -> u32 {
        self.0
    }

    /// Parts per billion that may be bad: the error budget.
    pub const fn budget_ppb(self) -> u32 {
        PPB - self.0
    }

    /// Returns the target as an exact ratio, `0.999` for 99.9 %.
    pub const fn ratio(self) -> Decimal {
        Decimal::new(self.0 as u128, PPB as u128)
    }

    /// Returns the error budget as an exact ratio, `0.001` for 99.9 %.
    pub const fn budget(self) -> Decimal {
        Decimal::new(self.budget_ppb() as u128, PPB as u128)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = Decimal::new(self.0.into(), u128::from(PPB) / 100);
        f.pad(&format!("{percent}%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_exact() {
        for (percent, ppb, text) in [
            (99.9, 999_000_000, "99.9%"),
            (99.95, 999_500_000, "99.95%"),
            (99.999, 999_990_000, "99.999%"),
            (50.0, 500_000_000, "50%"),
            (99.999_999_9, 999_999_999, "99.9999999%"),
            (1.0, 10_000_000, "1%"),
        ] {
            let target = Target::from_percent(percent);
            assert_eq!(target.ppb(), ppb);
            assert_eq!(target.to_string(), text);
            assert_eq!(target.budget_ppb() + target.ppb(), PPB);
        }
    }

    #[test]
    fn every_short_decimal_is_exact() {
        for thousandths in 1_000..100_000u32 {
            let percent: f64 = format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
                .parse()
                .unwrap();
            assert_eq!(Target::from_percent(percent).ppb(), thousandths * 10_000);
        }
    }

    #[test]
    fn impossible_targets_are_refused() {
        for percent in [
            0.0,
            -1.0,
            0.999,
            0.999_999_9,
            100.0,
            100.5,
            f64::NAN,
            f64::INFINITY,
            99.999_999_99,
        ] {
            assert!(
                std::panic::catch_unwind(|| Target::from_percent(percent)).is_err(),
                "{percent}"
            );
        }
        assert_eq!(Target::try_from_ppb(0), None);
        assert_eq!(Target::try_from_ppb(PPB), None);
    }

    #[test]
    fn ratios_are_written_without_noise() {
        assert_eq!(Target::from_percent(99.9).budget().to_string(), "0.001");
        assert_eq!(Target::from_percent(99.999).ratio().to_string(), "0.99999");
    }
}
