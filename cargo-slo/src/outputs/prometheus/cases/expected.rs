//! What follows from events for an SLO, in whole numbers.

use slo_model::{
    Decimal, PPB, Target, binomial::explained_by_chance, budget::Counts, burn_rate::Condition,
};

/// The events an SLO counts, in steps, of all its series together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Events {
    /// Minutes between two steps.
    step: u32,
    counts: Vec<Counts>,
}

impl Events {
    /// None yet, in steps of so many minutes.
    pub(super) const fn every(step: u32) -> Events {
        Events {
            step,
            counts: Vec::new(),
        }
    }

    /// Adds a series.
    pub(super) fn add(&mut self, events: impl Iterator<Item = (u64, u64)>) {
        for (place, (good, bad)) in events.enumerate() {
            let counts = Counts { good, bad };
            match self.counts.get_mut(place) {
                Some(all) => *all = *all + counts,
                None => self.counts.push(counts),
            }
        }
    }

    /// The events of the last minutes, that many steps after the beginning. Those of a step are
    /// seen at its end.
    pub(super) fn within(&self, minutes: u32, after: usize) -> Counts {
        let first = after.saturating_sub(minutes.div_ceil(self.step) as usize);
        let held = self.counts.get(first..after).unwrap_or_default();
        held.iter()
            .fold(Counts::default(), |sum, counts| sum + *counts)
    }

    /// Whether a condition fires, that many steps after the beginning; `None` if that hangs
    /// on the last digit of a floating point number.
    pub(super) fn fires(
        &self,
        condition: &Condition,
        target: Target,
        after: usize,
    ) -> Option<bool> {
        let long = self.within(condition.long_minutes, after);
        let short = self.within(condition.short_minutes, after);
        let threshold = condition.threshold(target);
        let chance = explained_by_chance(long.valid() as f64, target);
        let bad = long.bad as f64;
        if (bad - chance).abs() < 1e-6 * chance || is_at(long, threshold) || is_at(short, threshold)
        {
            return None;
        }
        Some(bad > chance && is_above(long, threshold) && is_above(short, threshold))
    }

    /// What is left of the budget, in millionths of it; `None` if it hangs on the last
    /// digit of a floating point number.
    pub(super) fn millionths_left(
        &self,
        target: Target,
        minutes: u32,
        after: usize,
    ) -> Option<i128> {
        const ALL: i128 = 1_000_000;
        let counts = self.within(minutes, after);
        if counts.valid() == 0 {
            return Some(ALL);
        }
        let tolerable = i128::from(counts.valid()) * i128::from(target.budget_ppb());
        let spent = i128::from(counts.bad) * i128::from(PPB) * ALL;
        let twice = 2 * (ALL * tolerable - spent);
        // Half up, and not near a half.
        let rest = (twice + tolerable).rem_euclid(2 * tolerable);
        let margin = tolerable / 1000;
        if rest < margin || rest > 2 * tolerable - margin {
            return None;
        }
        Some((twice + tolerable).div_euclid(2 * tolerable))
    }
}

/// True where the error ratio is above the threshold.
fn is_above(counts: Counts, threshold: Decimal) -> bool {
    let (numerator, denominator) = threshold.parts();
    u128::from(counts.bad) * denominator > numerator * u128::from(counts.valid())
}

/// True where it is the threshold, as far as a double can tell.
fn is_at(counts: Counts, threshold: Decimal) -> bool {
    let (numerator, denominator) = threshold.parts();
    let (left, right) = (
        u128::from(counts.bad) * denominator,
        numerator * u128::from(counts.valid()),
    );
    counts.valid() > 0 && left.abs_diff(right) <= right >> 40
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Window, burn_rate::Scaling};

    fn events(counts: impl Iterator<Item = (u64, u64)>) -> Events {
        let mut events = Events::every(5);
        events.add(counts);
        events
    }

    fn steady(steps: usize, good: u64, bad: u64) -> Events {
        events(std::iter::repeat_n((good, bad), steps))
    }

    #[test]
    fn windows_hold_the_last_steps() {
        let events = events((0..20).map(|good| (good, 0)));
        assert_eq!(events.within(15, 20).good, 17 + 18 + 19);
        assert_eq!(events.within(11, 20).good, 17 + 18 + 19);
        assert_eq!(events.within(60, 3).good, 3);
        assert_eq!(events.within(5, 0).valid(), 0);
    }

    #[test]
    fn conditions_are_compared_exactly() {
        let target = Target::from_percent(99.0);
        let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
        // 14.4 % is the threshold itself: a double may see it on either side.
        assert_eq!(steady(12, 856, 144).fires(&page, target, 12), None);
        assert_eq!(steady(12, 855, 145).fires(&page, target, 12), Some(true));
        assert_eq!(steady(12, 857, 143).fires(&page, target, 12), Some(false));
        // A single bad event is never enough.
        assert_eq!(steady(1, 0, 1).fires(&page, target, 1), Some(false));
    }

    #[test]
    fn budgets_are_rounded_once() {
        let target = Target::from_percent(99.9);
        let left = |good, bad| steady(1, good, bad).millionths_left(target, 60, 1);
        assert_eq!(left(99_950, 50), Some(500_000));
        assert_eq!(left(0, 1), Some(-999_000_000));
        assert_eq!(left(0, 0), Some(1_000_000));
        assert_eq!(left(2_999, 1), Some(666_667));
    }
}
