//! What a data point is about, as its attributes say.

use crate::live::{
    otlp::message::{Attribute, Point, real, text},
    view::Refusal,
};
use slo_model::Outcome;

/// Longest text of an attribute, in bytes.
pub(super) const MAX_TEXT_BYTES: usize = 256;

/// Why a data point is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rejection {
    /// An attribute of the contract is missing or longer than it may be.
    Attributes,
    /// Its value is not a count.
    Value,
    /// It would be one series too many.
    Series,
    /// It would be one process or service too many.
    Processes,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Refusal {
        match rejection {
            Rejection::Attributes => Refusal::Attributes,
            Rejection::Value => Refusal::NotACount,
            Rejection::Series => Refusal::Series,
            Rejection::Processes => Refusal::Processes,
        }
    }
}

/// An attribute that has to be there.
pub(super) fn label<'m>(of: &'m [Attribute<'_>], key: &str) -> Result<&'m str, Rejection> {
    optional(of, key)?.ok_or(Rejection::Attributes)
}

/// An attribute that may be missing.
pub(super) fn optional<'m>(
    of: &'m [Attribute<'_>],
    key: &str,
) -> Result<Option<&'m str>, Rejection> {
    match text(of, key) {
        Some(text) if text.len() > MAX_TEXT_BYTES => Err(Rejection::Attributes),
        found => Ok(found),
    }
}

/// Whether it counts good, bad or excluded events.
pub(super) fn outcome(of: &[Attribute<'_>]) -> Result<Outcome, Rejection> {
    match label(of, "slo.outcome")? {
        "good" => Ok(Outcome::Good),
        "bad" => Ok(Outcome::Bad),
        "excluded" => Ok(Outcome::Excluded),
        _ => Err(Rejection::Attributes),
    }
}

/// The threshold of a latency SLI, in seconds.
pub(super) fn threshold(of: &[Attribute<'_>]) -> Option<f64> {
    real(of, "slo.threshold").filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// The value of a counter.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number that fits"
)]
pub(super) fn count(point: &Point<'_>) -> Result<u64, Rejection> {
    /// Whole numbers up to here have a float each.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match (point.as_int, point.as_double) {
        (Some(n), _) => u64::try_from(n).map_err(|_| Rejection::Value),
        (None, Some(n)) if (0.0..=EXACT).contains(&n) && n.fract() == 0.0 => Ok(n as u64),
        _ => Err(Rejection::Value),
    }
}

/// The value of a gauge.
#[expect(clippy::cast_precision_loss, reason = "seconds and ratios")]
pub(super) fn gauge(point: &Point<'_>) -> Result<f64, Rejection> {
    let value = point.as_double.or(point.as_int.map(|n| n as f64));
    value.filter(|n| n.is_finite()).ok_or(Rejection::Value)
}
