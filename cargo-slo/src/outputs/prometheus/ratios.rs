//! Error ratios over the windows of the alerts.

use super::{
    counts::{BAD, VALID},
    file::Rule,
    promql::duration,
    subject::Subject,
};
use slo_model::burn_rate::DEFAULT;
use std::collections::BTreeSet;

/// Name of the recorded error ratio over a window.
pub(super) fn name(minutes: u32) -> String {
    format!("slo:error:ratio{}", duration(minutes))
}

/// The rules that record the error ratio over every window an alert may ask for, whether
/// this SLO has that alert or not: dashboards rely on them.
pub(super) fn rules(subject: Subject<'_>, labels: &[(&'static str, String)]) -> Vec<Rule> {
    let windows: BTreeSet<u32> = DEFAULT
        .iter()
        .flat_map(|condition| [condition.short_minutes, condition.long_minutes])
        .collect();
    let record = |minutes| Rule::record(name(minutes), ratio(subject, minutes), labels);
    windows.into_iter().map(record).collect()
}

/// Bad events per valid event over a window; nothing, rather than NaN, without events.
pub(super) fn ratio(subject: Subject<'_>, minutes: u32) -> String {
    format!(
        "{}\n/\n({} > 0)",
        sum(BAD, subject, minutes),
        sum(VALID, subject, minutes)
    )
}

/// The sum of a recorded count over a window, for each job.
pub(super) fn sum(count: &str, subject: Subject<'_>, minutes: u32) -> String {
    let selector = subject.recorded(count);
    match minutes {
        // The counts themselves span five minutes; a sum of them would span ten.
        5 => format!("sum by (job) ({selector})"),
        _ => format!(
            "sum by (job) (sum_over_time({selector}[{}]))",
            duration(minutes)
        ),
    }
}
