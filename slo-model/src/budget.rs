//! Error budgets, from counts of events.
//!
//! Definitions as in the SRE book (Beyer et al., *Site Reliability Engineering*, ch. 3 and
//! 4): the budget is the share of valid events that may be bad, and it is spent by bad
//! events, so idle time neither earns nor costs anything.

use crate::{Decimal, Target, Window};

/// Counts of valid events over a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events as promised.
    pub good: u64,
    /// Events that were not.
    pub bad: u64,
}

impl Counts {
    /// Good and bad events together.
    pub const fn valid(self) -> u64 {
        self.good + self.bad
    }

    /// Bad events per valid event, 0 to 1; nothing without events.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a ratio needs no more than 53 bits"
    )]
    pub fn error_ratio(self) -> Option<f64> {
        (self.valid() > 0).then(|| self.bad as f64 / self.valid() as f64)
    }

    /// Returns how many times as fast as sustainable the budget is spent: the error ratio divided
    /// by `1 - target`. At 1, exactly the whole budget is spent by the end of the window.
    pub fn burn_rate(self, target: Target) -> Option<f64> {
        self.error_ratio()
            .map(|ratio| ratio / target.budget().to_f64())
    }

    /// Returns the share of the budget that is left if the window held just these events: 1 is
    /// untouched, 0 is spent, below 0 the objective is missed. Untouched without events.
    pub fn budget_left(self, target: Target) -> f64 {
        1.0 - self.burn_rate(target).unwrap_or(0.0)
    }
}

impl std::ops::Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            good: self.good + other.good,
            bad: self.bad + other.bad,
        }
    }
}

/// Returns the number of bad events that a number of valid events can hold without missing the
/// target, rounded down: `floor(valid × (1 − target))`.
///
/// ```
/// use slo_model::{Target, budget::events};
/// assert_eq!(events(526, Target::from_percent(99.0)), 5);
/// assert_eq!(events(1_000_000, Target::from_percent(99.9)), 1_000);
/// ```
pub const fn events(valid: u64, target: Target) -> u64 {
    (valid as u128 * target.budget_ppb() as u128 / crate::PPB as u128) as u64
}

/// Returns how long everything may fail at even traffic until the whole budget is spent, in
/// minutes: `window × (1 − target)`.
///
/// ```
/// use slo_model::{Target, Window, budget::outage_minutes};
/// let minutes = outage_minutes(Target::from_percent(99.9), Window::days(30));
/// assert_eq!(minutes.to_string(), "43.2");
/// ```
pub const fn outage_minutes(target: Target, window: Window) -> Decimal {
    Decimal::new(window.length_minutes() as u128, 1).times(target.budget())
}

/// Returns how long what is left of the budget lasts at a burn rate, in minutes:
/// `window × left ÷ burn rate`; `None` if nothing burns.
///
/// ```
/// use slo_model::{Decimal, Window, budget::minutes_to_exhaustion};
/// let (all, half) = (Decimal::new(1, 1), Decimal::new(1, 2));
/// let month = Window::days(30);
/// // The whole budget at 14.4 times the sustainable rate: 50 hours; half of it: 25.
/// let burn_rate = Decimal::new(144, 10);
/// assert_eq!(minutes_to_exhaustion(month, all, burn_rate), Some(Decimal::new(3000, 1)));
/// assert_eq!(minutes_to_exhaustion(month, half, burn_rate), Some(Decimal::new(1500, 1)));
/// ```
pub const fn minutes_to_exhaustion(
    window: Window,
    left: Decimal,
    burn_rate: Decimal,
) -> Option<Decimal> {
    Decimal::new(window.length_minutes() as u128, 1)
        .times(left)
        .over(burn_rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_left_and_burn_rate() {
        let target = Target::from_percent(99.9);
        let counts = Counts {
            good: 99_950,
            bad: 50,
        };
        assert!((counts.burn_rate(target).unwrap() - 0.5).abs() < 1e-12);
        assert!((counts.budget_left(target) - 0.5).abs() < 1e-12);
        let missed = Counts { good: 0, bad: 1 };
        assert!((missed.budget_left(target) + 999.0).abs() < 1e-9);
    }

    #[test]
    fn no_events_leave_the_budget_untouched() {
        let idle = Counts::default();
        assert_eq!(idle.error_ratio(), None);
        assert_eq!(
            idle.budget_left(Target::from_percent(99.9)).to_bits(),
            1.0f64.to_bits()
        );
    }

    proptest::proptest! {
        /// One bad event more than the budget holds misses the target, none fewer does.
        #[test]
        fn the_budget_is_the_largest_number_that_keeps_the_target(valid in 0u64..1 << 40, ppb in 1u32..1_000_000_000) {
            let target = Target::from_ppb(ppb);
            let kept = |bad: u64| u128::from(bad) * 1_000_000_000 <= u128::from(valid) * u128::from(target.budget_ppb());
            let held = events(valid, target);
            proptest::prop_assert!(kept(held) && !kept(held + 1));
        }
    }
}
