//! The two counts everything else is made of.

use super::{file::Rule, promql};
use crate::definition::Slo;

/// Valid events of the last five minutes.
pub(super) const VALID: &str = "slo:events_valid:increase5m";

/// Bad events of the last five minutes.
pub(super) const BAD: &str = "slo:events_bad:increase5m";

/// The rules that record the counts.
///
/// Good and bad events together are all valid ones: excluded events are not exported.
pub(super) fn rules(slo: &Slo, labels: &[(&'static str, String)]) -> [Rule; 2] {
    let valid = format!("sum(increase({}[5m]))", promql::events(slo, None));
    let bad = format!("sum(increase({}[5m]))", promql::events(slo, Some("bad")));
    // From the counter again instead of the recorded count: that has labels, and beside
    // them the sum without labels would be a second result, not an alternative.
    let bad_or_none = format!("{bad}\nor\n0 * {valid}");
    [
        Rule::record(VALID, valid, labels),
        Rule::record(BAD, bad_or_none, labels),
    ]
}
