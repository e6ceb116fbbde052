//! The two counts everything else is made of.

use super::{file::Rule, subject::Subject};

/// Valid events of the last five minutes.
pub(super) const VALID: &str = "slo:events_valid:increase5m";

/// Bad events of the last five minutes.
pub(super) const BAD: &str = "slo:events_bad:increase5m";

/// The rules that record the counts.
///
/// Good and bad events together are all valid ones: excluded events are not exported.
pub(super) fn rules(subject: Subject<'_>, labels: &[(&'static str, String)]) -> [Rule; 2] {
    let valid = format!("sum by (job) (increase({}[5m]))", subject.events(None));
    let bad = format!(
        "sum by (job) (increase({}[5m]))",
        subject.events(Some("bad"))
    );
    // From the counter again instead of the recorded count: that has labels, and beside
    // them the sum with fewer labels would be a second result, not an alternative.
    let bad_or_none = format!("{bad}\nor\n0 * {valid}");
    [
        Rule::record(VALID, valid, labels),
        Rule::record(BAD, bad_or_none, labels),
    ]
}
