//! The targets that people choose.

use slo_model::Target;

/// The targets that advice proposes, the tightest first: those that people choose and remember.
pub(crate) const USUAL_TARGETS: [Target; 15] = [
    Target::percent(99.999),
    Target::percent(99.995),
    Target::percent(99.99),
    Target::percent(99.98),
    Target::percent(99.95),
    Target::percent(99.9),
    Target::percent(99.8),
    Target::percent(99.7),
    Target::percent(99.5),
    Target::percent(99.0),
    Target::percent(98.0),
    Target::percent(97.0),
    Target::percent(95.0),
    Target::percent(90.0),
    Target::percent(80.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_is_first() {
        assert!(USUAL_TARGETS.is_sorted_by(|tighter, looser| tighter > looser));
    }
}
