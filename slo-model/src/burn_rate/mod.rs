//! Multiwindow, multi-burn-rate alerts.
//!
//! A condition fires when the budget burns faster than a factor over a long window and
//! still over a short one. The factor follows from the share of the budget that may be
//! spent before someone is told: `factor = share × window ÷ long window` (Beyer et al.,
//! *The Site Reliability Workbook*, ch. 5, table 5-8).
//!
//! That table is for 30 days. [`Scaling`] says what becomes of it for other windows and gives
//! each SLO its [`Condition`]s; `timing` says how soon they fire and end, `by_chance` how often
//! they do for a service that keeps its objective.

mod by_chance;
mod condition;
mod scaling;
mod timing;

pub use by_chance::Guard;
pub use condition::Condition;
pub use scaling::Scaling;

use crate::{Decimal, Target, Window};

/// How urgently someone has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Now, whatever the hour.
    Page,
    /// In the coming working days.
    Ticket,
}

impl Severity {
    /// Returns the value of the label `severity`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Page => "page",
            Severity::Ticket => "ticket",
        }
    }
}

/// One condition: this much of the budget, spent within the long window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BurnRate {
    /// How urgent it is.
    pub severity: Severity,
    /// Percent of the budget that is spent when it fires at a steady rate.
    pub budget_percent: u8,
    /// The window that shows it matters, in minutes.
    pub long_minutes: u32,
    /// The window that shows it still goes on, in minutes.
    pub short_minutes: u32,
}

/// The usual four conditions: two that page, two that open a ticket.
pub const DEFAULT: [BurnRate; 4] = [
    BurnRate {
        severity: Severity::Page,
        budget_percent: 2,
        long_minutes: 60,
        short_minutes: 5,
    },
    BurnRate {
        severity: Severity::Page,
        budget_percent: 5,
        long_minutes: 360,
        short_minutes: 30,
    },
    BurnRate {
        severity: Severity::Ticket,
        budget_percent: 10,
        long_minutes: 1440,
        short_minutes: 120,
    },
    BurnRate {
        severity: Severity::Ticket,
        budget_percent: 10,
        long_minutes: 4320,
        short_minutes: 360,
    },
];

impl BurnRate {
    /// Returns how many times the sustainable rate fires it, for an SLO over this window.
    ///
    /// ```
    /// use slo_model::{Window, burn_rate::DEFAULT};
    /// let factors = DEFAULT.map(|condition| condition.factor(Window::days(30)).to_string());
    /// assert_eq!(factors, ["14.4", "6", "3", "1"]);
    /// ```
    pub const fn factor(&self, window: Window) -> Decimal {
        Decimal::new(
            self.budget_percent as u128 * window.length_days() as u128 * 1440,
            100 * self.long_minutes as u128,
        )
    }

    /// Returns the error ratio that fires it: `factor × (1 − target)`.
    pub const fn threshold(&self, target: Target, window: Window) -> Decimal {
        self.factor(window).times(target.budget())
    }

    /// Returns `true` if the condition can fire at all: an error ratio never exceeds 1, so a
    /// threshold of 1 or more is silence.
    pub const fn can_fire(&self, target: Target, window: Window) -> bool {
        self.threshold(target, window).is_below(1)
    }

    /// Returns `true` if it fires although the objective would be kept: below a factor of 1 the
    /// budget lasts longer than the window.
    pub const fn fires_within_budget(&self, window: Window) -> bool {
        self.factor(window).is_below(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_exact() {
        let target = Target::from_percent(99.9);
        let thresholds = DEFAULT.map(|c| c.threshold(target, Window::days(30)).to_string());
        assert_eq!(thresholds, ["0.0144", "0.006", "0.003", "0.001"]);
        let weeks = DEFAULT.map(|c| c.factor(Window::days(28)).to_string());
        assert_eq!(weeks, ["13.44", "5.6", "2.8", "0.933333333333"]);
    }

    #[test]
    fn what_can_never_fire_is_known() {
        let month = Window::days(30);
        assert!(DEFAULT[0].can_fire(Target::from_percent(99.0), month));
        assert!(!DEFAULT[0].can_fire(Target::from_percent(90.0), month));
        assert!(DEFAULT[3].fires_within_budget(Window::days(28)));
        assert!(!DEFAULT[3].fires_within_budget(month));
    }
}
