//! The targets that people choose.

use slo_model::Target;

/// The targets that advice proposes, the tightest first: those that people choose and remember.
pub(crate) const USUAL_TARGETS: [Target; 15] = [
    Target::from_percent(99.999),
    Target::from_percent(99.995),
    Target::from_percent(99.99),
    Target::from_percent(99.98),
    Target::from_percent(99.95),
    Target::from_percent(99.9),
    Target::from_percent(99.8),
    Target::from_percent(99.7),
    Target::from_percent(99.5),
    Target::from_percent(99.0),
    Target::from_percent(98.0),
    Target::from_percent(97.0),
    Target::from_percent(95.0),
    Target::from_percent(90.0),
    Target::from_percent(80.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_is_first() {
        assert!(USUAL_TARGETS.is_sorted_by(|tighter, looser| tighter > looser));
    }
}
