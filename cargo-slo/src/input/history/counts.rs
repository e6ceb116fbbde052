//! What can be a count, and what can't: of that, no number is made.

use crate::input::prometheus::Labels;

/// The labels of a sum are those that it was asked by. A series with another one is a part of it.
pub(super) fn asked_for(metric: &Labels, labels: &[&str]) -> Result<(), String> {
    let is_asked = |name: &str| {
        let name = name.replace('.', "_");
        let mut known = ["job", "service_name"].iter().chain(labels);
        known.any(|label| label.replace('.', "_") == name)
    };
    match metric.names().find(|name| !is_asked(name)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "a sum has the label `{name}`, which nobody asked for"
        )),
    }
}

/// A day of which only one of both outcomes is there. Whoever exports events begins both at 0, so
/// something on the way left the other out.
pub(super) fn gap(counts: &[Vec<(u16, u64)>; 2]) -> Option<u16> {
    let [good, bad] = counts;
    let missing = |of: &[(u16, u64)], other: &[(u16, u64)]| {
        let mut days = other.iter().map(|(day, _)| *day);
        days.find(|day| of.binary_search_by_key(day, |(day, _)| *day).is_err())
    };
    missing(good, bad).or_else(|| missing(bad, good))
}

/// A count, as `increase` gives it: not always a whole number.
pub(super) fn rounded(count: f64) -> Result<u64, String> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is positive and small enough"
    )]
    match (0.0..1e18).contains(&count) {
        true => Ok(count.round() as u64),
        false => Err(format!("{count} is not a count")),
    }
}

/// The same of a text.
pub(super) fn whole(value: &str) -> Result<u64, String> {
    let count = value.parse::<f64>();
    rounded(count.map_err(|_| "a value is not a number".to_owned())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_prometheus() {
        assert_eq!(["2.9999", "0", "1e3"].map(whole), [Ok(3), Ok(0), Ok(1000)]);
        for wrong in ["NaN", "+Inf", "-Inf", "-1", "x", "", "1e300"] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn both_outcomes_are_there_on_the_same_days() {
        let days = |days: &[u16]| days.iter().map(|day| (*day, 1)).collect::<Vec<_>>();
        assert_eq!(gap(&[days(&[0, 1, 2]), days(&[0, 1, 2])]), None);
        // A service that was off.
        assert_eq!(gap(&[days(&[0, 2]), days(&[0, 2])]), None);
        assert_eq!(gap(&[days(&[0, 1, 2]), days(&[0, 2])]), Some(1));
        assert_eq!(gap(&[days(&[0, 3]), days(&[0, 1, 3])]), Some(1));
        assert_eq!(gap(&[days(&[1, 2]), days(&[0, 1, 2])]), Some(0));
        assert_eq!(gap(&[days(&[0, 1]), days(&[])]), Some(0));
    }

    #[test]
    fn sums_have_the_labels_that_were_asked_for() {
        let of = |labels| {
            let labels: Labels = serde_json::from_str(labels).unwrap();
            asked_for(&labels, &["slo.journey", "le"])
        };
        assert_eq!(of(r#"{"job": "a", "slo_journey": "b", "le": "1"}"#), Ok(()));
        assert_eq!(of(r#"{"service.name": "a", "slo.journey": "b"}"#), Ok(()));
        assert!(of(r#"{"job": "a", "pod": "b"}"#).is_err());
    }
}
