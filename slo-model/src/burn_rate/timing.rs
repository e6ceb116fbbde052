//! How soon a condition fires and ends.
//!
//! Both follow from the windows at even traffic, before which nothing failed: after `t`
//! minutes at an error ratio `e`, a window of `w` minutes shows `e × t ÷ w`.

use super::Condition;
use crate::{Decimal, Target};

impl Condition {
    /// Returns how long events fail at an error ratio until it fires, in minutes, measured from the
    /// first failure: `threshold × long window ÷ error ratio`. `None` if it never does.
    ///
    /// The long window decides: the short one reaches the same ratio sooner. Rules are
    /// evaluated at intervals, so add up to one of them.
    ///
    /// ```
    /// use slo_model::{Decimal, Target, Window, burn_rate::Scaling};
    /// let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
    /// let outage = Decimal::new(1, 1);
    /// // Everything fails: 51.8 seconds at 99.9 %.
    /// let minutes = page.detection_minutes(Target::from_percent(99.9), outage).unwrap();
    /// assert_eq!(minutes.to_string(), "0.864");
    /// ```
    pub fn detection_minutes(&self, target: Target, error_ratio: Decimal) -> Option<Decimal> {
        let threshold = self.threshold(target);
        if !threshold.is_less_than(error_ratio) {
            return None;
        }
        threshold
            .times(Decimal::new(self.long_minutes.into(), 1))
            .over(error_ratio)
    }

    /// Returns how long it goes on firing after the last failure of an incident that lasted for at
    /// least its short window, in minutes: `short window × (1 − threshold ÷ error ratio)`.
    /// `None` if such an incident does not fire it.
    ///
    /// ```
    /// use slo_model::{Decimal, Target, Window, burn_rate::Scaling};
    /// let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
    /// let outage = Decimal::new(1, 1);
    /// let minutes = page.reset_minutes(Target::from_percent(99.9), outage).unwrap();
    /// assert_eq!(minutes.to_string(), "4.928");
    /// ```
    pub fn reset_minutes(&self, target: Target, error_ratio: Decimal) -> Option<Decimal> {
        let threshold = self.threshold(target);
        if !threshold.is_less_than(error_ratio) {
            return None;
        }
        let left = Decimal::new(1, 1).less(threshold.over(error_ratio)?);
        Some(left.times(Decimal::new(self.short_minutes.into(), 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Window, burn_rate::Scaling};

    const OUTAGE: Decimal = Decimal::new(1, 1);

    #[test]
    fn an_outage_is_seen_sooner_the_stricter_the_target() {
        let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
        let seconds = [99.9, 99.99, 99.999].map(|percent| {
            let minutes = page.detection_minutes(Target::from_percent(percent), OUTAGE);
            minutes.unwrap().times(Decimal::new(60, 1)).to_string()
        });
        assert_eq!(seconds, ["51.84", "5.184", "0.5184"]);
    }

    #[test]
    fn what_is_not_above_the_threshold_is_never_seen() {
        let target = Target::from_percent(99.9);
        let [page, _, _, slow] = Scaling::KeepWindows.conditions(Window::days(30));
        let just = page.threshold(target);
        assert_eq!(page.detection_minutes(target, just), None);
        assert_eq!(page.reset_minutes(target, just), None);
        // At 14.4 times, the slow ticket takes 5 hours, and 5 h 35 min to end.
        let minutes = |time: Option<Decimal>| time.unwrap().to_string();
        assert_eq!(minutes(slow.detection_minutes(target, just)), "300");
        assert_eq!(minutes(slow.reset_minutes(target, just)), "335");
        assert_eq!(
            page.detection_minutes(Target::from_percent(90.0), OUTAGE),
            None
        );
    }

    /// Minute by minute with whole events, 1,000,000 a minute.
    #[test]
    fn a_simulation_agrees() {
        let target = Target::from_percent(99.9);
        for condition in Scaling::KeepWindows.conditions(Window::days(30)) {
            for percent in [2u64, 10, 50, 100] {
                let lasting = 6000usize;
                let mut bad = vec![0u64; 5000];
                bad.resize(5000 + lasting, percent * 10_000);
                bad.resize(bad.len() + 5000, 0);
                let threshold = condition.threshold(target).to_f64();
                let above = |at: usize, minutes: u32| {
                    let minutes = minutes as usize;
                    let sum: u64 = bad[at + 1 - minutes..=at].iter().sum();
                    sum as f64 / (minutes as f64 * 1e6) > threshold
                };
                let fires =
                    |at| above(at, condition.long_minutes) && above(at, condition.short_minutes);
                let ratio = Decimal::new(percent.into(), 100);
                let first = (4999..bad.len()).find(|at| fires(*at));
                let expected = condition.detection_minutes(target, ratio);
                assert_eq!(
                    first.map(|at| at as u128 - 5000 + 1),
                    expected.map(|minutes| minutes.floor() + 1),
                    "{condition:?} {percent}"
                );
                let Some(expected) = condition.reset_minutes(target, ratio) else {
                    continue;
                };
                let end = 5000 + lasting;
                let quiet = (end..bad.len()).find(|at| !fires(*at)).unwrap();
                let took = (quiet - end + 1) as u128;
                assert!(
                    took.abs_diff(expected.floor() + 1) <= 1,
                    "{took} {expected}"
                );
            }
        }
    }
}
