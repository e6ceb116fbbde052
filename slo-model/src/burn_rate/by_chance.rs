//! How often a condition fires for a service that keeps its objective exactly.
//!
//! Events come at random, at an even rate, and each is bad with a chance of `1 − target`,
//! whatever the others are. Good and bad events are then two independent Poisson processes,
//! and what a window holds of each at any moment is a Poisson count. An alert starts to fire in
//! the moment a bad event comes, or a good one leaves a window, that makes the difference. By
//! the formula of Mecke (*Stationäre zufällige Maße auf lokalkompakten abelschen Gruppen*,
//! 1967), such an event finds the windows as they are at any other moment, so
//!
//! `starts per minute = λ_bad × (P₁₀ − P₀₀) + λ_good × (P₀₀ − P₀₁)`
//!
//! where `P_ij` is the probability that the condition holds with `i` bad and `j` good events more
//! in the short window than there are. That is exact for an alert that is evaluated all the
//! time. One that is evaluated every minute misses what lasts shorter, so for that it is an
//! upper bound. Failures that come in bursts fire more often than that, with a reason.

use super::Condition;
use crate::{
    Target,
    binomial::{CHANCE_OFFSET, CHANCE_QUANTILE, Poisson},
};

/// With more good events than that in the long window, how many there are is hardly chance: their
/// number is taken as fixed.
const MANY_GOOD_EVENTS: f64 = 5_000.0;

/// A probability below `e^-45` is none: the alert would fire once in the age of the universe.
const NEVER: f64 = 45.0;

/// More bad events than that in the long window are counted as if they were so many: an alert
/// fires hardly ever by then, or, where its factor is 1, all the time.
const MOST_BAD: f64 = 1e7;

/// Pairs of counts that are less likely than that are left out.
const UNLIKELY: f64 = 1e-16;

/// Whether an alert asks for more bad events than chance explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// More than [`explained_by_chance`](crate::binomial::explained_by_chance) in the long
    /// window, as the rules that are generated for Prometheus do.
    ByChance,
    /// The burn rate decides alone.
    None,
}

impl Condition {
    /// Returns how often a minute it starts to fire by chance alone, where `valid_per_minute`
    /// events are expected and the service is exactly on target.
    ///
    /// ```
    /// use slo_model::{Target, Window, burn_rate::{Guard, Scaling}};
    /// let target = Target::from_percent(99.0);
    /// let [page, ..] = Scaling::KeepWindows.conditions(Window::days(30));
    /// // 5,000 events a month, a budget of 50: without a guard, most bad events page.
    /// let month = 30.0 * 1440.0;
    /// let pages = |guard| page.starts_by_chance(target, 5_000.0 / month, guard) * month;
    /// assert!(pages(Guard::None) > 20.0);
    /// assert!(pages(Guard::ByChance) < 2.0);
    /// ```
    pub fn starts_by_chance(&self, target: Target, valid_per_minute: f64, guard: Guard) -> f64 {
        let threshold = self.threshold(target);
        if !self.can_fire(target) || valid_per_minute <= 0.0 {
            return 0.0;
        }
        let (ratio, budget) = (threshold.to_f64(), target.budget().to_f64());
        let valid = valid_per_minute * f64::from(self.long_minutes);
        if is_never(valid, ratio, budget) {
            return 0.0;
        }
        let most = MOST_BAD / (budget * f64::from(self.long_minutes));
        let valid_per_minute = valid_per_minute.min(most);
        let allowed = Allowed {
            ratio: threshold.parts(),
            budget,
            guard,
        };
        let windows = Windows::new(self, valid_per_minute, budget, allowed);
        let now = windows.holds(0, 0);
        let by_bad = valid_per_minute * budget * (windows.holds(1, 0) - now);
        let by_good = match windows.is_even {
            // A fixed number has none that leaves. Where there are many, both kinds of steps across
            // the ratio are as frequent as they are steep: `1 − ratio` for a bad event, `ratio`
            // for a good one.
            true => by_bad * (1.0 - budget) * ratio / (budget * (1.0 - ratio)),
            false => valid_per_minute * (1.0 - budget) * (now - windows.holds(0, 1)),
        };
        (by_bad + by_good).max(0.0)
    }
}

/// True where the bound of Chernoff says that the long window never shows the ratio:
/// `exp(−valid × (1 − exp(−KL(ratio ‖ budget))))`.
fn is_never(valid: f64, ratio: f64, budget: f64) -> bool {
    let distance =
        ratio * (ratio / budget).ln() + (1.0 - ratio) * ((1.0 - ratio) / (1.0 - budget)).ln();
    ratio > budget && valid * -(-distance).exp_m1() > NEVER
}

/// How many good events may be beside a number of bad ones.
struct Allowed {
    /// What the share of bad events has to exceed, as a fraction.
    ratio: (u128, u128),
    budget: f64,
    guard: Guard,
}

impl Allowed {
    /// The most good events beside which `bad` ones are more than the ratio; `None` if none.
    fn by_ratio(&self, bad: u64) -> Option<u64> {
        let (over, under) = self.ratio;
        // bad ÷ (bad + good) > over ÷ under, in whole numbers.
        let limit = (u128::from(bad) * (under - over)).checked_sub(1)?;
        Some(u64::try_from(limit / over).unwrap_or(u64::MAX))
    }

    /// The same where chance must not explain them either.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of events, and casts of floats stop at the limits"
    )]
    fn in_long(&self, bad: u64) -> Option<u64> {
        let good = self.by_ratio(bad)?;
        if self.guard == Guard::None {
            return Some(good);
        }
        // The guard asks for `bad > offset + budget × n + quantile × √(budget × target × n)`:
        // a quadratic in √n.
        let above = bad as f64 - CHANCE_OFFSET;
        if above <= 0.0 {
            return None;
        }
        let slope = CHANCE_QUANTILE * (self.budget * (1.0 - self.budget)).sqrt();
        let root = (slope * slope + 4.0 * self.budget * above).sqrt() - slope;
        let most = (root / (2.0 * self.budget)).powi(2).ceil() as u64;
        Some(good.min(most.checked_sub(1)?.checked_sub(bad)?))
    }
}

/// What the windows hold at any moment: the short one, the rest of the long one, and for good
/// events the whole long one.
struct Windows {
    bad_in_short: Poisson,
    bad_in_rest: Poisson,
    good_in_short: Poisson,
    good_in_rest: Poisson,
    good_in_long: Poisson,
    is_even: bool,
    allowed: Allowed,
}

impl Windows {
    fn new(condition: &Condition, per_minute: f64, budget: f64, allowed: Allowed) -> Windows {
        let long = f64::from(condition.long_minutes);
        let short = f64::from(condition.short_minutes.min(condition.long_minutes));
        let good = per_minute * (1.0 - budget);
        let bad = per_minute * budget;
        let is_even = good * long > MANY_GOOD_EVENTS;
        let good_count = |mean: f64| match is_even {
            true => Poisson::always(mean),
            false => Poisson::new(mean),
        };
        Windows {
            bad_in_short: Poisson::new(bad * short),
            bad_in_rest: Poisson::new(bad * (long - short)),
            good_in_short: good_count(good * short),
            good_in_rest: good_count(good * (long - short)),
            good_in_long: good_count(good * long),
            is_even,
            allowed,
        }
    }

    /// The probability that the condition holds with the given number of events more in the short
    /// window.
    fn holds(&self, more_bad: u64, more_good: u64) -> f64 {
        if self.is_even {
            return self.holds_evenly(more_bad);
        }
        let mut sum = 0.0;
        for (short, in_short) in self.bad_in_short.all() {
            let bad = short + more_bad;
            let Some(most_short) = self.allowed.by_ratio(bad) else {
                continue;
            };
            let Some(most_short) = most_short.checked_sub(more_good) else {
                continue;
            };
            for (rest, in_rest) in self.bad_in_rest.all() {
                if in_short * in_rest < UNLIKELY {
                    continue;
                }
                let most_long = self.allowed.in_long(bad + rest);
                let Some(most_long) = most_long.and_then(|most| most.checked_sub(more_good)) else {
                    continue;
                };
                sum += in_short * in_rest * self.few_good(most_short, most_long);
            }
        }
        sum
    }

    /// The same where both windows hold a fixed number of good events.
    fn holds_evenly(&self, more_bad: u64) -> f64 {
        let needed = |good: &Poisson, most: &dyn Fn(u64) -> Option<u64>| {
            let good = good.mode();
            smallest(|bad| most(bad).is_some_and(|most| most >= good))
        };
        let in_short = needed(&self.good_in_short, &|bad| self.allowed.by_ratio(bad));
        let in_long = needed(&self.good_in_long, &|bad| self.allowed.in_long(bad));
        let counts = self.bad_in_short.all();
        counts
            .filter(|(short, _)| short + more_bad >= in_short)
            .map(|(short, probability)| {
                let missing = in_long.saturating_sub(short + more_bad);
                let enough = match missing.checked_sub(1) {
                    None => 1.0,
                    Some(too_few) => 1.0 - self.bad_in_rest.head(too_few),
                };
                probability * enough
            })
            .sum()
    }

    /// The probability of at most so many good events in the short and in the long window.
    fn few_good(&self, most_short: u64, most_long: u64) -> f64 {
        if most_short >= most_long || self.good_in_short.is_within(most_short) {
            return self.good_in_long.head(most_long);
        }
        let counts = self.good_in_short.all();
        counts
            .take_while(|(good, _)| *good <= most_short)
            .map(|(good, probability)| probability * self.good_in_rest.head(most_long - good))
            .sum()
    }
}

/// The smallest number that something holds for, as it does for all larger ones.
fn smallest(holds: impl Fn(u64) -> bool) -> u64 {
    let mut enough = 1;
    while !holds(enough) && enough < 1 << 60 {
        enough *= 2;
    }
    let mut too_few = enough / 2;
    while enough - too_few > 1 {
        let middle = u64::midpoint(too_few, enough);
        match holds(middle) {
            true => enough = middle,
            false => too_few = middle,
        }
    }
    enough
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Decimal, Window,
        binomial::explained_by_chance,
        burn_rate::{Scaling, Severity},
    };
    use std::collections::VecDeque;

    const MONTH: f64 = 43_200.0;

    /// Numbers that look like chance, the same ones each time (Steele, Lea, Flood, *Fast
    /// splittable pseudorandom number generators*, 2014).
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            (z >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// A service on target, event by event: how often the alert starts where it is evaluated all
    /// the time, and where it is once a minute.
    fn simulated(
        condition: &Condition,
        target: Target,
        per_minute: f64,
        guard: Guard,
        months: f64,
    ) -> [f64; 2] {
        let threshold = condition.threshold(target).to_f64();
        let budget = target.budget().to_f64();
        let mut random = Random(7);
        let lengths = [condition.short_minutes, condition.long_minutes].map(f64::from);
        // Bad and valid events of both windows; an event leaves each when it is old enough.
        let mut counts = [(0u64, 0u64); 2];
        let mut inside: [VecDeque<(f64, bool)>; 2] = Default::default();
        let (mut starts, mut minutely) = (0u32, 0u32);
        let (mut fires, mut fired_then) = (false, false);
        let mut arrival = -random.next().ln() / per_minute;
        let mut evaluation = 1.0f64;
        let end = months * MONTH;
        loop {
            let leaves = [0, 1].map(|w| inside[w].front().map_or(f64::MAX, |e| e.0 + lengths[w]));
            let next = leaves[0].min(leaves[1]).min(arrival);
            while evaluation < next.min(end) {
                minutely += u32::from(fires && !fired_then);
                fired_then = fires;
                evaluation += 1.0;
            }
            if next >= end {
                break;
            }
            if next == arrival {
                let is_bad = random.next() < budget;
                for window in 0..2 {
                    inside[window].push_back((next, is_bad));
                    counts[window].0 += u64::from(is_bad);
                    counts[window].1 += 1;
                }
                arrival += -random.next().ln() / per_minute;
            } else {
                let window = usize::from(leaves[1] < leaves[0]);
                let (_, is_bad) = inside[window].pop_front().unwrap();
                counts[window].0 -= u64::from(is_bad);
                counts[window].1 -= 1;
            }
            let above = |(bad, valid): (u64, u64)| bad as f64 > threshold * valid as f64;
            let (bad, valid) = counts[1];
            let is_no_chance = match guard {
                Guard::None => true,
                Guard::ByChance => bad as f64 > explained_by_chance(valid as f64, target),
            };
            let holds = above(counts[0]) && above(counts[1]) && is_no_chance;
            starts += u32::from(holds && !fires);
            fires = holds;
        }
        [starts, minutely].map(|n| f64::from(n) / months)
    }

    #[test]
    fn a_simulation_event_by_event_agrees() {
        let conditions = Scaling::KeepWindows.conditions(Window::days(30));
        // Where a budget holds 5 to 150 events; more rarely it is seen too seldom to compare.
        for (percent, monthly, which, guard, months) in [
            (99.0, 526.0, 0, Guard::None, 500.0),
            (99.0, 526.0, 1, Guard::ByChance, 2_000.0),
            (99.0, 5_000.0, 0, Guard::None, 50.0),
            (99.0, 5_000.0, 0, Guard::ByChance, 200.0),
            (99.0, 5_000.0, 1, Guard::ByChance, 200.0),
            (99.9, 50_000.0, 0, Guard::None, 20.0),
            (95.0, 3_000.0, 1, Guard::ByChance, 500.0),
        ] {
            let target = Target::from_percent(percent);
            let condition = &conditions[which];
            let exact = condition.starts_by_chance(target, monthly / MONTH, guard) * MONTH;
            let seen = simulated(condition, target, monthly / MONTH, guard, months);
            // Starts come in groups, so their number spreads more than its root.
            let spread = 6.0 * (exact / months).sqrt();
            assert!(
                (seen[0] - exact).abs() <= spread,
                "{percent} {monthly} {which} {guard:?}: {exact}, but seen {seen:?}"
            );
            assert!(exact * months > 40.0, "too few to compare: {exact}");
            assert!(
                seen[1] <= seen[0] && seen[1] > 0.5 * seen[0],
                "{percent} {monthly} {which}: {seen:?}"
            );
        }
    }

    #[test]
    fn many_good_events_may_be_taken_as_a_fixed_number() {
        // On both sides of the limit, a setting that fires near the target.
        let condition = Condition {
            severity: Severity::Page,
            factor: Decimal::new(13, 10),
            raised_from: None,
            long_minutes: 60,
            short_minutes: 5,
        };
        let target = Target::from_percent(99.0);
        let rate = |per_minute| condition.starts_by_chance(target, per_minute, Guard::None);
        let (below, above) = (rate(84.0), rate(84.4));
        assert!(
            below > 0.0 && (above / below - 1.0).abs() < 0.15,
            "{below} {above}"
        );
    }

    #[test]
    fn enough_traffic_leaves_nothing_to_chance() {
        let target = Target::from_percent(99.9);
        let conditions = Scaling::KeepWindows.conditions(Window::days(30));
        let monthly = |events: f64| {
            let pages = &conditions[..2];
            let rate = |page: &Condition| {
                page.starts_by_chance(target, events / MONTH, Guard::ByChance) * MONTH
            };
            pages.iter().map(rate).sum::<f64>()
        };
        let pages = [1e5, 2e5, 3e5, 1e6, 1e7, 1e9, 1e12].map(monthly);
        assert!(pages.is_sorted_by(|more, less| more >= less), "{pages:?}");
        assert!(pages[0] > 1.0 && pages[2] < 0.1, "{pages:?}");
        assert!(pages[3..].iter().all(|pages| *pages < 1e-6), "{pages:?}");
        // However much there is of it, it takes no longer; at a factor of 1, chance fires often.
        let always = conditions[3].starts_by_chance(target, 1e12, Guard::None);
        assert!(always > 0.0 && always.is_finite());
        // What can't fire fires by no chance either.
        let silent = conditions[0].starts_by_chance(Target::from_percent(90.0), 1.0, Guard::None);
        assert!(silent < 1e-300);
    }
}
