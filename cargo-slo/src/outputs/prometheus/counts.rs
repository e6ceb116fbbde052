//! The counts everything else is made of, at two resolutions.
//!
//! Minute counts are differences of counters, hour counts sums of minute counts. Every window
//! is put together from both so that each event is in it exactly once; see the module above.

use super::{
    file::Rule,
    job::Job,
    promql::{self, duration, equals},
    subject::{self, Subject},
};
use crate::definition::Slo;

/// Events of the last minute, by outcome.
pub(super) const MINUTE: &str = "slo:events:count1m";

/// The minute counts of even hours of the day, so that hours can be told apart.
pub(super) const EVEN: &str = "slo:events:count1m_even_hours";

/// Events since the hour began.
pub(super) const THIS_HOUR: &str = "slo:events:count_this_hour";

/// Events of a full hour, one sample an hour.
pub(super) const HOUR: &str = "slo:events:count1h";

/// How far back the last value of a counter is looked for. A service whose export or whose
/// Prometheus pauses for less has lost nothing: what happened meanwhile is counted afterwards.
pub(super) const LOOKBACK: &str = "15m";

/// The rules that record the minute counts of one SLO.
pub(super) fn minutes(slo: &Slo, job: &Job, subject: Subject<'_>) -> [Rule; 2] {
    let by = job.by();
    let counted = |outcome| {
        let events = subject::events(slo, job, outcome);
        format!("sum by ({by}) (\n{}\n)", promql::indented(&growth(&events)))
    };
    let recorded = |outcome, expr| {
        let mut labels = subject::labels(slo, job);
        labels.push(("slo_outcome", outcome));
        Rule::record(MINUTE, expr, &labels)
    };
    let good = subject.recorded_with(MINUTE, &[of("good")]);
    // Both sides have no label but the job, so the zero never stands beside the real count.
    let bad = format!("{}\nor\n0 * sum by ({by}) ({good})", counted("bad"));
    [
        recorded("good".to_owned(), counted("good")),
        recorded("bad".to_owned(), bad),
    ]
}

/// What counters grew by within a minute: `increase` as it should be. That one spreads what it
/// saw over its range, so a single event counts as 0.8 or 1.3 or, where it falls between two
/// ranges, not at all. Differences of last values add up to the last event.
///
/// A counter that fell started anew and counts from 0; one that is new has no difference yet,
/// and it starts at 0 by contract.
pub(super) fn growth(events: &str) -> String {
    let now = format!("last_over_time({events}[{LOOKBACK}])");
    let before = format!("last_over_time({events}[{LOOKBACK}] offset 1m)");
    format!("{now} - {before} >= 0\nor\n{now} < {before}")
}

/// The rules that make hours of minutes.
pub(super) fn hours(subject: Subject<'_>) -> [Rule; 3] {
    let minute = subject.recorded(MINUTE);
    let within_an_hour = |metric| format!("sum_over_time({metric}[{}])", promql::within(60));
    let all = within_an_hour(minute.clone());
    let even = within_an_hour(subject.recorded(EVEN));
    // In an even hour, the last 60 minutes hold its own even minutes and no others: those of
    // the even hour before are older. In an odd hour they hold what is left of the even one.
    let this_hour = format!(
        "{even} and on () hour() % 2 == 0\nor\n({all} - {even} or {all}) and on () hour() % 2 == 1"
    );
    let before = format!("{} offset 1m", subject.recorded(THIS_HOUR));
    // The first time in an hour, the last value of the hour before is that hour's count.
    let full = format!("{before}\nand\ntimestamp({before}) < time() - time() % 3600");
    [
        Rule::record(EVEN, format!("{minute} and on () hour() % 2 == 0"), &[]),
        Rule::record(THIS_HOUR, this_hour, &[]),
        Rule::record(HOUR, full, &[]),
    ]
}

/// The events of a window that ends now, by outcome.
///
/// Short windows are sums of minutes. Long ones are sums of hours: the full hours that ended
/// in the window, and the hour that has begun, without what of the first hour was before it.
pub(super) fn in_window(subject: Subject<'_>, minutes: u32) -> String {
    if minutes < LONG {
        let minute = subject.recorded(MINUTE);
        return format!("sum_over_time({minute}[{}])", promql::within(minutes));
    }
    let hour = subject.recorded(HOUR);
    let this_hour = subject.recorded(THIS_HOUR);
    format!(
        "(sum_over_time({hour}[{}]) or 0 * {this_hour})\n+ {this_hour}\n- ({this_hour} offset {} or 0 * {this_hour})",
        promql::within(minutes),
        duration(minutes),
    )
}

/// The shortest window that is put together from hours, in minutes.
pub(super) const LONG: u32 = 240;

/// The matcher for an outcome.
pub(super) fn of(outcome: &str) -> String {
    equals("slo_outcome", outcome)
}
