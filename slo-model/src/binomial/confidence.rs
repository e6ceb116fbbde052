//! The error ratios that a count is compatible with.
//!
//! The bounds are those of Clopper and Pearson (*The use of confidence or fiducial limits
//! illustrated in the case of the binomial*, Biometrika 26, 1934): exact, so they hold at
//! ten events as well as at ten million. From ten thousand good and as many bad events on, where
//! summing probabilities takes long, they are computed by the approximation of Carter
//! (*Approximation to percentage points of the z-distribution*, Biometrika 34, 1947), which is off
//! by less than five millionths of the distance between the ratio that was seen and the bound.

use super::distribution::Distribution;
use crate::Target;

/// With as many good and bad events each, bounds are computed by approximation.
const MANY_EVENTS: u64 = 10_000;

/// Halvings of an interval: enough for the last digit of any bound above 1e-12.
const STEPS: u32 = 100;

/// Returns the largest true error ratio that still gives so few bad events with a probability of
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
    if bad.min(valid - bad) >= MANY_EVENTS {
        return many(bad + 1, valid - bad, normal_quantile(confidence));
    }
    boundary(bad, valid, |ratio| {
        Distribution::new(valid, ratio, 1.0 - ratio).head(bad) > 1.0 - confidence
    })
}

/// Returns the smallest true error ratio that still gives so many bad events with a probability of
/// `1 − confidence`; one-sided. 0 without a bad event.
pub fn lower_bound(bad: u64, valid: u64, confidence: f64) -> f64 {
    if bad == 0 {
        return 0.0;
    }
    let bad = bad.min(valid);
    if bad.min(valid - bad) >= MANY_EVENTS {
        return many(bad, valid - bad + 1, -normal_quantile(confidence));
    }
    boundary(bad, valid, |ratio| {
        Distribution::new(valid, ratio, 1.0 - ratio).tail(bad) < 1.0 - confidence
    })
}

/// The quantile of the beta distribution with `a` and `b` that is the quantile `z` of the normal
/// one: *Handbook of Mathematical Functions*, 26.5.22.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts this large need no more than 53 bits"
)]
fn many(a: u64, b: u64, z: f64) -> f64 {
    let (a, b) = (a as f64, b as f64);
    let (of_a, of_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let (mean, lambda) = (2.0 / (of_a + of_b), (z * z - 3.0) / 6.0);
    let skew = (of_b - of_a) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * mean));
    let log_odds = -2.0 * (z * (mean + lambda).sqrt() / mean + skew);
    a / (a + b * log_odds.exp())
}

/// The value that a normal variable stays below with this probability.
fn normal_quantile(probability: f64) -> f64 {
    // The density times `z + z^3/3 + z^5/(3·5) + …` is what lies between 0 and z.
    let below = |z: f64| {
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term.abs() > f64::EPSILON * sum.abs() {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        0.5 + sum * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt()
    };
    bisect(-8.0, 8.0, |z| below(z) < probability)
}

/// The ratio below which something holds and above which it does not; it is looked for around the
/// ratio that was seen, because far from it a distribution is wide, and slow to sum.
#[expect(clippy::cast_precision_loss, reason = "a first guess needs few digits")]
fn boundary(bad: u64, valid: u64, holds: impl Fn(f64) -> bool) -> f64 {
    let (seen, n) = (bad as f64 / valid as f64, valid as f64);
    let mut width = (10.0 * (bad.min(valid - bad) as f64 + 1.0).sqrt() + 50.0) / n;
    loop {
        let (low, high) = ((seen - width).max(0.0), (seen + width).min(1.0));
        let encloses = (low <= 0.0 || holds(low)) && (high >= 1.0 || !holds(high));
        if encloses {
            return bisect(low, high, holds);
        }
        width *= 4.0;
    }
}

/// The place between two others below which something holds and above which it does not.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
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
/// assert_eq!(events_to_show(Target::from_percent(99.9), 0.95), 2_995);
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

    /// From the incomplete beta function with 40 digits: valid and bad events, the lower and the
    /// upper bound with 95%.
    const EXACT: [(u64, u64, f64, f64); 8] = [
        (
            526,
            5,
            0.003_752_786_240_269_507_4,
            0.019_882_163_771_198_334,
        ),
        (
            1_000_000,
            123,
            0.000_105_344_513_878_768,
            0.000_142_865_550_759_437_64,
        ),
        (
            1_000_000,
            500_000,
            0.499_177_073_949_477,
            0.500_822_926_050_523,
        ),
        (
            10_000_000,
            20_000,
            0.001_976_818_095_287_178_3,
            0.002_023_395_332_260_966,
        ),
        (
            100_000_000,
            9_999,
            9.835_101_346_643_419e-5,
            0.000_101_650_434_721_291_4,
        ),
        (
            10_000_000_000,
            100_000,
            9.948_042_332_621_933e-6,
            1.005_217_162_600_94e-5,
        ),
        (
            10_000_000_000,
            10_000_000,
            0.000_999_480_168_395_372,
            0.001_000_520_044_906_086_9,
        ),
        (
            1_000_000_000_000,
            1_000_000_000,
            0.000_999_948_011_741_520_7,
            0.001_000_051_990_391_260_2,
        ),
    ];

    #[test]
    fn bounds_are_exact_at_every_size() {
        for (valid, bad, low, high) in EXACT {
            let seen = bad as f64 / valid as f64;
            for (ours, theirs) in [
                (lower_bound(bad, valid, 0.95), low),
                (upper_bound(bad, valid, 0.95), high),
            ] {
                let error = ((ours - theirs) / (theirs - seen)).abs();
                assert!(error < 5e-6, "{bad} of {valid}: {ours} {theirs} {error}");
            }
        }
    }

    #[test]
    fn the_approximation_takes_over_without_a_jump() {
        for valid in [20_000u64, 40_000, 1_000_000, 100_000_000] {
            for confidence in [0.6, 0.95, 0.999] {
                let z = normal_quantile(confidence);
                let exact = boundary(MANY_EVENTS, valid, |ratio| {
                    Distribution::new(valid, ratio, 1.0 - ratio).head(MANY_EVENTS)
                        > 1.0 - confidence
                });
                let error = many(MANY_EVENTS + 1, valid - MANY_EVENTS, z) / exact - 1.0;
                assert!(error.abs() < 1e-7, "{valid} {confidence}: {error}");
            }
        }
        let known = [0.5, 0.95, 0.975, 0.01].map(normal_quantile);
        let expected = [
            0.0,
            1.644_853_626_951_472_2,
            1.959_963_984_540_054_2,
            -2.326_347_874_040_840_8,
        ];
        for (z, expected) in known.into_iter().zip(expected) {
            assert!((z - expected).abs() < 1e-9, "{z} {expected}");
        }
    }

    /// A sum over all that is likely at a ratio of one half would take hours at the largest.
    #[test]
    fn bounds_of_any_count_are_soon_there() {
        let start = std::time::Instant::now();
        for valid in [
            10_000_000_000,
            1_000_000_000_000,
            100_000_000_000_000,
            i64::MAX as u64,
        ] {
            for bad in [
                0,
                1,
                9_999,
                10_000,
                valid / 1000,
                valid / 2,
                valid - 9_999,
                valid - 1,
                valid,
            ] {
                let (low, high) = (lower_bound(bad, valid, 0.95), upper_bound(bad, valid, 0.95));
                assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0);
            }
        }
        let took = start.elapsed();
        assert!(took.as_secs() < 10, "{took:?}");
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
        let needed = all.map(|percent| events_to_show(Target::from_percent(percent), 0.95));
        assert_eq!(needed, [299, 598, 2_995, 5_990, 29_956]);
    }
}
