//! Probabilities of counts.

use crate::Target;

/// How likely a guard lets chance pass, unless another value is asked for: 1 %.
pub const GUARD_ALPHA: f64 = 0.01;

/// Returns the probability of at least `k` bad events among `valid`, for a service whose true share
/// of good events is exactly the target: `P(Bin(valid, 1 − target) ≥ k)`.
///
/// ```
/// use slo_model::{Target, binomial::tail};
/// // Exactly on target, 99 % of 526 events: more than the five that are tolerable.
/// assert!((tail(6, 526, Target::from_percent(99.0)) - 0.430).abs() < 0.0005);
/// ```
pub fn tail(k: u64, valid: u64, target: Target) -> f64 {
    Distribution::on(valid, target).tail(k)
}

/// Returns the smallest number of bad events that chance alone reaches with a probability below
/// `alpha`: `min k: P(Bin(valid, 1 − target) ≥ k) < alpha`.
///
/// With fewer, nothing is shown: a service exactly on its target has as many now and then.
///
/// ```
/// use slo_model::{Target, binomial::{GUARD_ALPHA, guard}};
/// let target = Target::from_percent(99.0);
/// assert_eq!([10, 100, 500, 1000].map(|n| guard(n, target, GUARD_ALPHA)), [2, 5, 12, 19]);
/// ```
pub fn guard(valid: u64, target: Target, alpha: f64) -> u64 {
    Distribution::on(valid, target).guard(alpha)
}

/// The binomial distribution, as weights around its mode relative to the weight of the mode.
///
/// Neighbouring weights differ by a ratio of small integers, so each follows from the one
/// before it, and dividing by their sum makes probabilities of them. Factorials, which would
/// overflow, and logarithms of them, which would lose digits, never appear. What is left out
/// at both ends is too small for a double.
pub(super) struct Distribution {
    /// The count that the first weight is for.
    first: u64,
    weights: Vec<f64>,
    total: f64,
}

impl Distribution {
    fn on(valid: u64, target: Target) -> Distribution {
        Distribution::new(
            valid,
            f64::from(target.budget_ppb()) / f64::from(crate::PPB),
            f64::from(target.ppb()) / f64::from(crate::PPB),
        )
    }

    /// Of `n` events that are bad with a chance of `bad`, and good with one of `good`.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of events are far below 2^53, and the mode is one of them"
    )]
    pub(super) fn new(n: u64, bad: f64, good: f64) -> Distribution {
        let odds = bad / good;
        let mode = (((n as f64 + 1.0) * bad) as u64).min(n);
        let mut below = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0 {
            weight *= k as f64 / ((n - k + 1) as f64 * odds);
            k -= 1;
            if weight < f64::MIN_POSITIVE {
                break;
            }
            below.push(weight);
        }
        let first = mode - below.len() as u64;
        let mut weights = below;
        weights.reverse();
        weights.push(1.0);
        (k, weight) = (mode, 1.0);
        while k < n {
            weight *= (n - k) as f64 / (k + 1) as f64 * odds;
            k += 1;
            if weight < f64::MIN_POSITIVE {
                break;
            }
            weights.push(weight);
        }
        let total = sum(&weights);
        Distribution {
            first,
            weights,
            total,
        }
    }

    /// The probability of `k` and more.
    pub(super) fn tail(&self, k: u64) -> f64 {
        let skipped = usize::try_from(k.saturating_sub(self.first)).unwrap_or(usize::MAX);
        sum(self.weights.get(skipped..).unwrap_or_default()) / self.total
    }

    /// The probability of `k` and fewer.
    pub(super) fn head(&self, k: u64) -> f64 {
        let Some(last) = k.checked_sub(self.first) else {
            return 0.0;
        };
        let taken = usize::try_from(last)
            .unwrap_or(usize::MAX)
            .saturating_add(1)
            .min(self.weights.len());
        sum(&self.weights[..taken]) / self.total
    }

    /// The smallest `k` whose tail is below `alpha`.
    fn guard(&self, alpha: f64) -> u64 {
        let mut tail = 0.0;
        for (place, weight) in self.weights.iter().enumerate().rev() {
            // From the small ones up, so that they are not lost beside the large ones.
            tail += weight;
            if tail / self.total >= alpha {
                return self.first + place as u64 + 1;
            }
        }
        self.first
    }
}

/// The sum of weights that rise and then fall, the small ones first.
fn sum(weights: &[f64]) -> f64 {
    let peak = weights
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(place, _)| place);
    weights[..peak].iter().sum::<f64>() + weights[peak..].iter().rev().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PPB;

    /// The same tail from whole numbers: `Σ C(n, k) b^k g^(n-k)` over `(b + g)^n`, with the
    /// chance as a ratio of small integers, so that nothing is rounded before the division.
    fn exact(k: u32, n: u32, bad: u128, of: u128) -> f64 {
        let term = |j: u32| {
            let mut choose = 1u128;
            for i in 0..j {
                choose = choose * u128::from(n - i) / u128::from(i + 1);
            }
            choose * bad.pow(j) * (of - bad).pow(n - j)
        };
        (k..=n).map(term).sum::<u128>() as f64 / of.pow(n) as f64
    }

    #[test]
    fn tails_are_those_of_whole_numbers() {
        for (bad, of) in [(1u128, 10u128), (1, 100), (1, 2), (3, 20)] {
            let ppb = u32::try_from(u128::from(PPB) * bad / of).unwrap();
            let target = Target::from_ppb(PPB - ppb);
            for n in 0..=(if of > 20 { 15 } else { 24 }) {
                for k in 0..=n + 1 {
                    let (ours, theirs) = (tail(k.into(), n.into(), target), exact(k, n, bad, of));
                    assert!(
                        (ours - theirs).abs() <= 1e-12 * theirs,
                        "n={n} k={k}: {ours} {theirs}"
                    );
                }
            }
        }
    }

    #[test]
    fn known_tails_at_low_traffic() {
        // More than five in 526, by the true error ratio.
        for (percent, expected) in [
            (99.5, 0.051),
            (99.25, 0.206),
            (99.0, 0.430),
            (98.5, 0.801),
            (98.0, 0.952),
        ] {
            let chance = tail(6, 526, Target::from_percent(percent));
            assert!((chance - expected).abs() < 0.0006, "{percent}: {chance}");
        }
    }

    #[test]
    fn a_guard_is_the_smallest_that_chance_hardly_reaches() {
        for percent in [90.0, 99.0, 99.9, 99.99, 99.999, 99.999_999_9] {
            let target = Target::from_percent(percent);
            for n in [0, 1, 10, 526, 10_000, 1_000_000, 10_000_000] {
                for alpha in [0.5, 0.05, GUARD_ALPHA, 1e-6] {
                    let k = guard(n, target, alpha);
                    assert!(tail(k, n, target) < alpha, "{percent} {n} {alpha}: {k}");
                    assert!(
                        k == 0 || tail(k - 1, n, target) >= alpha,
                        "{percent} {n} {alpha}: {k}"
                    );
                }
            }
        }
    }

    #[test]
    fn large_counts_agree_with_the_limit_of_many_rare_events() {
        // 10^7 events at 99.999 %: Poisson with a mean of 100 to five digits.
        let target = Target::from_percent(99.999);
        let mut term = (-100.0f64).exp();
        let mut below = term;
        for k in 1..124u32 {
            term *= 100.0 / f64::from(k);
            below += term;
        }
        let limit = 1.0 - below;
        assert!((tail(124, 10_000_000, target) / limit - 1.0).abs() < 1e-3);
        assert_eq!(guard(10_000_000, target, GUARD_ALPHA), 125);
    }

    #[test]
    fn chances_add_up_however_many_events_there_are() {
        for n in [1, 1000, 10_000_000] {
            let all = Distribution::on(n, Target::from_percent(90.0));
            assert!((all.tail(0) - 1.0).abs() < 1e-12);
            let middle = n / 10;
            let both = all.head(middle) + all.tail(middle + 1);
            assert!((both - 1.0).abs() < 1e-12, "{n}: {both}");
            assert!(all.tail(n + 1) < 1e-12 && all.head(n) > 1.0 - 1e-12);
        }
    }
}
