//! The error ratios that a count is compatible with.
//!
//! The bounds are those of Clopper and Pearson (*The use of confidence or fiducial limits
//! illustrated in the case of the binomial*, Biometrika 26, 1934): exact, so they hold at
//! ten events as well as at ten million.

use super::distribution::Distribution;
use crate::Target;

/// Halvings of the interval from 0 to 1: enough for the last digit of any bound above 1e-12.
const STEPS: u32 = 100;

/// The largest true error ratio that still gives so few bad events with a probability of
/// `1 − confidence`; one-sided. 1 without a valid event.
///
/// ```
/// use slo_model::binomial::upper_bound;
/// // A month of 526 events without a failure shows 99.43 %, and no more.
/// assert!((upper_bound(0, 526, 0.95) - 0.00568).abs() < 1e-5);
/// ```
pub fn upper_bound(bad: u64, valid: u64, confidence: f64) -> f64 {
    if bad >= valid {
        return 1.0;
    }
    boundary(|ratio| Distribution::new(valid, ratio, 1.0 - ratio).head(bad) > 1.0 - confidence)
}

/// The smallest true error ratio that still gives so many bad events with a probability of
/// `1 − confidence`; one-sided. 0 without a bad event.
pub fn lower_bound(bad: u64, valid: u64, confidence: f64) -> f64 {
    if bad == 0 {
        return 0.0;
    }
    boundary(|ratio| {
        Distribution::new(valid, ratio, 1.0 - ratio).tail(bad.min(valid)) < 1.0 - confidence
    })
}

/// The ratio below which something holds and above which it does not.
fn boundary(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// How many events without a single failure it takes to show the target with this
/// confidence: the smallest `n` with `target^n ≤ 1 − confidence`.
///
/// ```
/// use slo_model::{Target, binomial::events_to_show};
/// assert_eq!(events_to_show(Target::percent(99.9), 0.95), 2_995);
/// ```
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive, and below 10^12 for a target in parts per billion"
)]
pub fn events_to_show(target: Target, confidence: f64) -> u64 {
    let bad = f64::from(target.budget_ppb()) / f64::from(crate::PPB);
    ((1.0 - confidence).ln() / (-bad).ln_1p()).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_known_from_tables() {
        let (low, high) = (lower_bound(5, 526, 0.975), upper_bound(5, 526, 0.975));
        assert!(
            (low - 0.0031).abs() < 5e-5 && (high - 0.0220).abs() < 5e-5,
            "{low} {high}"
        );
        assert!((lower_bound(1, 10, 0.95) - 0.0051).abs() < 5e-5);
        // Without a failure the bound has a closed form.
        for n in [1u32, 10, 526, 100_000, 10_000_000] {
            let closed = -(0.05f64.ln() / f64::from(n)).exp_m1();
            let bound = upper_bound(0, n.into(), 0.95);
            assert!((bound / closed - 1.0).abs() < 1e-6, "{n}: {bound} {closed}");
        }
    }

    #[test]
    fn bounds_enclose_what_was_seen() {
        for (bad, valid) in [(0, 1), (1, 1), (3, 7), (50, 1000), (123, 1_000_000)] {
            let ratio = bad as f64 / valid as f64;
            assert!(lower_bound(bad, valid, 0.95) <= ratio);
            assert!(upper_bound(bad, valid, 0.95) >= ratio);
        }
        assert!((upper_bound(0, 0, 0.95) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn perfect_samples_show_targets() {
        let all = [99.0, 99.5, 99.9, 99.95, 99.99];
        let needed = all.map(|percent| events_to_show(Target::percent(percent), 0.95));
        assert_eq!(needed, [299, 598, 2_995, 5_990, 29_956]);
    }
}
