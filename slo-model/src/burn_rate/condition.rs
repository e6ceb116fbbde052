//! A condition, as it is used for the SLOs of one window.

use super::Severity;
use crate::{Decimal, Target, Window};

/// The budget burns more than `factor` times as fast as sustainable over the long window, and
/// still over the short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How urgent it is.
    pub severity: Severity,
    /// How many times the sustainable rate fires it, at least 1: below that the objective is
    /// kept, above it is missed, however short the window of the SLO is.
    pub factor: Decimal,
    /// The factor that was computed, where it was below 1 and therefore raised.
    pub raised_from: Option<Decimal>,
    /// The window that shows it matters, in minutes.
    pub long_minutes: u32,
    /// The window that shows it still goes on, in minutes.
    pub short_minutes: u32,
}

impl Condition {
    pub(super) const fn new(
        severity: Severity,
        computed: Decimal,
        long_minutes: u32,
        short_minutes: u32,
    ) -> Condition {
        let raised = computed.is_below(1);
        Condition {
            severity,
            factor: if raised { Decimal::new(1, 1) } else { computed },
            raised_from: if raised { Some(computed) } else { None },
            long_minutes,
            short_minutes,
        }
    }

    /// Returns the error ratio above which it fires: `factor × (1 − target)`.
    pub const fn threshold(&self, target: Target) -> Decimal {
        self.factor.times(target.budget())
    }

    /// Returns `true` if it can fire at all: an error ratio never exceeds 1, so a threshold of 1 or
    /// more is silence.
    pub const fn can_fire(&self, target: Target) -> bool {
        self.threshold(target).is_below(1)
    }

    /// Returns the share of a whole budget that burns within the long window at the rate that fires
    /// it: `factor × long window ÷ window`.
    pub const fn budget_share(&self, window: Window) -> Decimal {
        self.factor.times(Decimal::new(
            self.long_minutes as u128,
            window.length_minutes() as u128,
        ))
    }

    /// Returns how long a whole budget lasts at the rate that fires it, in minutes:
    /// `window ÷ factor`.
    pub const fn lifetime_minutes(&self, window: Window) -> Decimal {
        Decimal::new(
            window.length_minutes() as u128 * self.factor.parts().1,
            self.factor.parts().0,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burn_rate::Scaling;

    #[test]
    fn shares_and_lifetimes_of_the_usual_ones() {
        let month = Window::days(30);
        let all = Scaling::KeepWindows.conditions(month);
        let shares = all.map(|c| c.budget_share(month).to_string());
        assert_eq!(shares, ["0.02", "0.05", "0.1", "0.1"]);
        let hours = all.map(|c| c.lifetime_minutes(month).floor() / 60);
        assert_eq!(hours, [50, 120, 240, 720]);
    }

    #[test]
    fn what_can_never_fire_is_known() {
        let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
        assert!(page.can_fire(Target::from_percent(99.0)));
        assert!(!page.can_fire(Target::from_percent(90.0)));
        // 43.2 times a budget of 2.3 % is still below 1.
        let [page, ..] = Scaling::KeepWindows.conditions(Window::days(90));
        assert!(page.can_fire(Target::from_percent(97.7)));
        assert!(!page.can_fire(Target::from_percent(97.6)));
    }
}
