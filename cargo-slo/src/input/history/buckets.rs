//! How long the events of an endpoint took, put together from the series of a histogram.

use super::Lasted;
use std::collections::BTreeMap;

/// The buckets of one histogram.
///
/// Those of Prometheus hold what is not above their boundary (`le`). Those that VictoriaMetrics makes
/// of exponential histograms hold what is within a range (`vmrange`, such as `1.0e-02...1.1e-02`).
#[derive(Debug, Default)]
pub(super) struct Buckets {
    below: BTreeMap<u64, u64>,
    within: BTreeMap<u64, u64>,
    count: u64,
}

impl Buckets {
    /// Adds events up to a boundary in seconds; all of them, where it is none.
    pub(super) fn add_below(&mut self, boundary: &str, count: u64) {
        match nanoseconds(boundary) {
            Some(boundary) => add(self.below.entry(boundary).or_default(), count),
            None => add(&mut self.count, count),
        }
    }

    /// Adds events within a range.
    pub(super) fn add_within(&mut self, range: &str, count: u64) {
        let end = range.rsplit("...").next().and_then(nanoseconds);
        if let Some(end) = end {
            add(self.within.entry(end).or_default(), count);
        }
        add(&mut self.count, count);
    }

    /// The buckets, each with what is not above its boundary. Ranges are used where no boundary is
    /// known: an endpoint whose replicas send both is counted by those with a boundary.
    pub(super) fn into_lasted(self, endpoint: String) -> Lasted {
        let mut sum = 0;
        let summed = self.within.into_iter().map(|(end, count)| {
            add(&mut sum, count);
            (end, sum)
        });
        let buckets = match self.below.is_empty() {
            true => summed.collect(),
            false => self.below.into_iter().collect(),
        };
        Lasted {
            endpoint,
            buckets,
            count: self.count,
        }
    }
}

fn add(sum: &mut u64, count: u64) {
    *sum = sum.saturating_add(count);
}

/// Seconds as a label has them; nothing for `+Inf`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds of a threshold, and casts of floats stop at the limits"
)]
pub(super) fn nanoseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| (seconds * 1e9).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_in_seconds() {
        assert_eq!(
            ["0.5", "0.005", "+Inf", "2.5e-05", ""].map(nanoseconds),
            [Some(500_000_000), Some(5_000_000), None, Some(25_000), None]
        );
    }

    #[test]
    fn ranges_are_summed_up() {
        let mut buckets = Buckets::default();
        for (range, count) in [
            ("1.000e-01...1.136e-01", 5),
            ("0...1.000e-09", 2),
            ("1.000e-02...1.136e-02", 3),
            ("1.000e+18...+Inf", 1),
        ] {
            buckets.add_within(range, count);
        }
        let lasted = buckets.into_lasted("pay".to_owned());
        assert_eq!(lasted.buckets, [(1, 2), (11_360_000, 5), (113_600_000, 10)]);
        assert_eq!(lasted.count, 11);
    }

    #[test]
    fn boundaries_come_from_several_names() {
        let mut buckets = Buckets::default();
        for (boundary, count) in [("0.5", 3), ("+Inf", 4), ("0.1", 1), ("0.5", 2), ("", 1)] {
            buckets.add_below(boundary, count);
        }
        let lasted = buckets.into_lasted("pay".to_owned());
        assert_eq!(lasted.buckets, [(100_000_000, 1), (500_000_000, 5)]);
        assert_eq!(lasted.count, 5);
    }
}
