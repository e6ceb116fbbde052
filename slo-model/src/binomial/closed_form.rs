//! The guard, as rule languages can compute it.
//!
//! PromQL has roots but no probabilities. A normal approximation would be far too eager where
//! it matters, at few events, so two things are added to it: the skewness that the normal
//! distribution lacks (the term of Cornish and Fisher, `(z² − 1) ÷ 6`) and half an event
//! because counts are whole. Both together are rounded up to [`CHANCE_OFFSET`].

use crate::Target;

/// The 99 % quantile of the normal distribution, rounded up.
pub const CHANCE_QUANTILE: f64 = 2.33;

/// What is added for skewness and whole numbers, in events.
pub const CHANCE_OFFSET: f64 = 1.25;

/// Bad events that chance explains among `valid`, as a closed form that is never below the
/// exact guard: more than these, and at least [`guard`](super::guard) at an alpha of 1 % are
/// reached.
///
/// `1.25 + e + 2.33 × √(e × target)`, where `e = valid × (1 − target)` is the number of bad
/// events that would just be tolerable. It asks for at most one event more than the exact
/// guard up to 10 tolerable events, and for at most 1 % more from 10,000 on; it never lets a
/// single event pass. A test compares both for targets of 90 to 99.999 % and up to 10^7 events.
///
/// ```
/// use slo_model::{Target, binomial::explained_by_chance};
/// let chance = |valid| explained_by_chance(valid, Target::from_percent(99.0));
/// // One bad event of any number, or four of a hundred, are nothing yet.
/// assert!(chance(1.0) > 1.0 && chance(100.0) > 4.0);
/// assert!(chance(100.0) < 5.0);
/// ```
pub fn explained_by_chance(valid: f64, target: Target) -> f64 {
    let budget = target.budget().to_f64();
    let good = target.ratio().to_f64();
    CHANCE_OFFSET + budget * valid + CHANCE_QUANTILE * (budget * good * valid).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binomial::{GUARD_ALPHA, guard};

    #[test]
    fn it_is_never_below_the_exact_guard_and_hardly_above() {
        let mut worst = 0;
        for percent in [90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 99.999] {
            let target = Target::from_percent(percent);
            let mut n = 1.0f64;
            while n <= 1e7 {
                let valid = n as u64;
                let needed = explained_by_chance(valid as f64, target).floor() as u64 + 1;
                let exact = guard(valid, target, GUARD_ALPHA);
                let tolerable = valid as f64 * target.budget().to_f64();
                assert!(
                    needed >= exact.max(2),
                    "{percent} {valid}: {needed} < {exact}"
                );
                let above = needed - exact.max(2);
                worst = worst.max(above);
                let allowed = match tolerable {
                    few if few <= 10.0 => 1.0,
                    many => (many / 100.0).clamp(2.0, 100.0),
                };
                assert!(
                    above as f64 <= allowed,
                    "{percent} {valid}: {needed} where {exact} are enough"
                );
                n = (n * 1.03).max(n + 1.0);
            }
        }
        assert!(worst > 0, "then it would be the guard itself");
    }
}
