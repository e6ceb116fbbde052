//! What becomes of the conditions for windows other than 30 days.

use super::{Condition, DEFAULT};
use crate::{Decimal, Window};

/// The window that the usual table of conditions is for, in days.
const REFERENCE_DAYS: u32 = 30;

/// Scaled windows are whole multiples of this many minutes. Five, because services export
/// about once a minute: a shorter window would mostly show the rhythm of that.
const STEP: u32 = 5;

/// The shortest long window, in minutes: three times the shortest short one.
const SHORTEST_LONG: u32 = 3 * STEP;

/// How conditions follow the window of an SLO. Both ways are in use; they differ in what stays
/// the same, so it is always chosen, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Scaling {
    /// The windows of the alerts stay, and so does the share of the budget that is spent when
    /// they fire: `factor = share × window ÷ long window`. All SLOs are recorded over the same
    /// few windows. For 7 days the factors are 3.36, 1.4 and two below 1, which are raised to 1.
    #[default]
    KeepWindows,
    /// The factors of 30 days stay, and the windows of the alerts grow and shrink with that of
    /// the SLO, rounded to five minutes: whoever pages at 14.4 times does so everywhere. For 7
    /// days an hour becomes a quarter of one.
    ScaleWindows,
}

impl Scaling {
    /// Returns the conditions for the SLOs of a window, the most urgent first.
    ///
    /// ```
    /// use slo_model::{Window, burn_rate::Scaling};
    /// let week = Window::days(7);
    /// let kept = Scaling::KeepWindows.conditions(week)[0];
    /// assert_eq!((kept.factor.to_string().as_str(), kept.long_minutes), ("3.36", 60));
    /// let scaled = Scaling::ScaleWindows.conditions(week)[0];
    /// assert_eq!((scaled.factor.to_string().as_str(), scaled.long_minutes), ("14.4", 15));
    /// ```
    pub fn conditions(self, window: Window) -> [Condition; 4] {
        DEFAULT.map(|usual| match self {
            Scaling::KeepWindows => Condition::new(
                usual.severity,
                usual.factor(window),
                usual.long_minutes,
                usual.short_minutes,
            ),
            Scaling::ScaleWindows => Condition::new(
                usual.severity,
                usual.factor(Window::days(30)),
                scaled(usual.long_minutes, window).max(SHORTEST_LONG),
                scaled(usual.short_minutes, window).max(STEP),
            ),
        })
    }

    /// Returns how it is chosen on a command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scaling::KeepWindows => "keep-windows",
            Scaling::ScaleWindows => "scale-windows",
        }
    }
}

/// `minutes` of a window of 30 days for another window, to the nearest step.
fn scaled(minutes: u32, window: Window) -> u32 {
    let exact = Decimal::new(
        u128::from(minutes) * u128::from(window.length_days()),
        u128::from(REFERENCE_DAYS * STEP),
    );
    let (numerator, denominator) = exact.parts();
    // At most 3 days times 366 / 30: far below the limit.
    u32::try_from((2 * numerator + denominator) / (2 * denominator)).unwrap_or(u32::MAX / STEP)
        * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scaling: Scaling, days: u16) -> Vec<(String, u32, u32)> {
        let conditions = scaling.conditions(Window::days(days));
        conditions
            .iter()
            .map(|c| (c.factor.to_string(), c.long_minutes, c.short_minutes))
            .collect()
    }

    #[test]
    fn both_agree_on_thirty_days() {
        let month = of(Scaling::KeepWindows, 30);
        assert_eq!(month, of(Scaling::ScaleWindows, 30));
        let factors: Vec<_> = month.iter().map(|(factor, ..)| &**factor).collect();
        assert_eq!(factors, ["14.4", "6", "3", "1"]);
    }

    #[test]
    fn kept_windows_change_the_factors() {
        let factors = |days| {
            let all = of(Scaling::KeepWindows, days);
            all.into_iter()
                .map(|(factor, ..)| factor)
                .collect::<Vec<_>>()
        };
        assert_eq!(factors(28), ["13.44", "5.6", "2.8", "1"]);
        assert_eq!(factors(7), ["3.36", "1.4", "1", "1"]);
        assert_eq!(factors(90), ["43.2", "18", "9", "3"]);
        let raised = Scaling::KeepWindows
            .conditions(Window::days(7))
            .map(|c| c.raised_from.map(|factor| factor.to_string()));
        assert_eq!(
            raised,
            [
                None,
                None,
                Some("0.7".into()),
                Some("0.233333333333".into())
            ]
        );
    }

    #[test]
    fn kept_factors_change_the_windows() {
        let windows = |days| {
            let all = of(Scaling::ScaleWindows, days);
            all.into_iter()
                .map(|(_, long, short)| (long, short))
                .collect::<Vec<_>>()
        };
        assert_eq!(windows(7), [(15, 5), (85, 5), (335, 30), (1010, 85)]);
        assert_eq!(windows(28), [(55, 5), (335, 30), (1345, 110), (4030, 335)]);
        assert_eq!(
            windows(90),
            [(180, 15), (1080, 90), (4320, 360), (12960, 1080)]
        );
        assert_eq!(windows(1), [(15, 5), (15, 5), (50, 5), (145, 10)]);
    }

    #[test]
    fn a_short_window_is_shorter_than_its_long_one() {
        for days in 1..=366 {
            for scaling in [Scaling::KeepWindows, Scaling::ScaleWindows] {
                for condition in scaling.conditions(Window::days(days)) {
                    assert!(condition.short_minutes < condition.long_minutes, "{days}");
                    assert!(!condition.factor.is_below(1));
                }
            }
        }
    }
}
