//! Counts and ratios over the windows that alerts and budgets ask for.

use super::{
    counts::{self, outcome_matcher},
    file::Rule,
    promql::{duration, within},
    subject::Subject,
};
use slo_model::burn_rate::Condition;
use std::collections::BTreeSet;

/// The events of the window of an SLO, by outcome.
pub(super) const OF_WINDOW: &str = "slo:events:sum_window";

/// Name of the recorded counts of a window.
pub(super) fn name(minutes: u32) -> String {
    format!("slo:events:sum{}", duration(minutes))
}

/// Name of the recorded error ratio of a window.
pub(super) fn ratio_name(minutes: u32) -> String {
    format!("slo:error:ratio{}", duration(minutes))
}

/// The long windows of conditions: people are told how many events it was, and chance is
/// measured against them.
pub(super) fn long(conditions: &[Condition]) -> BTreeSet<u32> {
    conditions.iter().map(|c| c.long_minutes).collect()
}

/// Every window of the conditions, an hour among them, which the burn rate is shown over.
pub(super) fn all(conditions: &[Condition]) -> BTreeSet<u32> {
    let both = conditions
        .iter()
        .flat_map(|c| [c.short_minutes, c.long_minutes]);
    both.chain([60]).collect()
}

/// The rules that record counts and error ratios over the windows of conditions, whether an
/// SLO has these conditions or not: dashboards rely on them.
pub(super) fn rules(subject: Subject<'_>, conditions: &[Condition]) -> Vec<Rule> {
    let mut counted = long(conditions);
    counted.extend(all(conditions).into_iter().filter(|m| *m >= counts::LONG));
    let recorded = |minutes| Rule::record(name(minutes), counts::in_window(subject, minutes), &[]);
    let mut rules: Vec<_> = counted.iter().copied().map(recorded).collect();
    rules.extend(all(conditions).into_iter().map(|minutes| {
        let (bad, valid) = if counted.contains(&minutes) {
            (bad(subject, &name(minutes)), valid(subject, &name(minutes)))
        } else {
            let range = within(minutes);
            let summed = |more: &[String]| {
                let counts = subject.counted(counts::MINUTE, more, |minute| {
                    format!("sum_over_time({minute}[{range}])")
                });
                format!("sum without (slo_outcome) ({counts})")
            };
            (summed(&[outcome_matcher("bad")]), summed(&[]))
        };
        // Nothing, rather than NaN, without events.
        Rule::record(ratio_name(minutes), format!("{bad}\n/\n({valid} > 0)"), &[])
    }));
    rules
}

/// The bad events of recorded counts.
pub(super) fn bad(subject: Subject<'_>, counts: &str) -> String {
    let bad = subject.recorded_with(counts, &[outcome_matcher("bad")]);
    format!("sum without (slo_outcome) ({bad})")
}

/// The valid events of recorded counts: all, as excluded events are not exported.
pub(super) fn valid(subject: Subject<'_>, counts: &str) -> String {
    format!("sum without (slo_outcome) ({})", subject.recorded(counts))
}
