//! The counts everything else is made of, at two resolutions.
//!
//! Minute counts are what counters grew by since they were counted last, hour counts sums of
//! minute counts. Every window is put together from both so that each event is in it exactly
//! once; see the module above.

use super::{
    file::Rule,
    job::Job,
    promql::{self, duration, equals},
    subject::{self, Subject},
    writers::{SEEN, SEEN_START, Writers},
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

/// The hour that was counted in last: when it began, in seconds since the epoch.
///
/// With the label [`HOURS`] these are some hours only. A metric of their own would take a rule, and the
/// group of an SLO has as many as it may have.
pub(super) const HOUR_START: &str = "slo:events:hour_start";

/// Which hours those of [`HOUR_START`] are: every one, each once ([`BEGUN`]), or those that were counted
/// in and never recorded as full ([`LOST`]).
const HOURS: &str = "slo_hour";

/// Recorded by the first evaluation in each hour, so that long look-backs are cheap.
const BEGUN: &str = "begun";

/// Recorded by the first evaluation after an hour was lost.
const LOST: &str = "lost";

/// How long an hour that ended is looked for, in minutes. Where no rule was evaluated for longer, it is
/// lost.
const FOUND_FOR: u32 = 59;

/// How far back it is looked for which hour was lost, in minutes.
const LOST_FOR: u32 = 7 * 1440;

/// The rules that record the minute counts of one SLO, and what was counted.
pub(super) fn minutes(slo: &Slo, job: &Job, subject: Subject<'_>) -> [Rule; 4] {
    let by = job.by();
    let matchers = job.matchers();
    let writers = Writers::new(job.labelled(), &matchers);
    let (names, _) = job.spelling();
    let counted = |outcome: &str| {
        let of_outcome = equals(&names.label("slo.outcome"), outcome);
        let growth = writers.growth(
            &subject.recorded_with(SEEN, &[of_outcome]),
            &subject.recorded(SEEN_START),
        );
        format!("sum by ({by}) (\n{}\n)", promql::indented(&growth))
    };
    let recorded = |outcome, expr| {
        let mut labels = subject::labels(slo, job);
        labels.push(("slo_outcome", outcome));
        Rule::record(MINUTE, expr, &labels)
    };
    let good = subject.recorded_with(MINUTE, &[outcome_matcher("good")]);
    // Both sides have no label but the job, so the zero never stands beside the real count.
    let bad = format!("{}\nor\n0 * sum by ({by}) ({good})", counted("bad"));
    let [events, starts] = writers.remember(&subject::events(slo, job, None));
    [
        events,
        starts,
        recorded("good".to_owned(), counted("good")),
        recorded("bad".to_owned(), bad),
    ]
}

/// The rules that make hours of minutes.
pub(super) fn hours(subject: Subject<'_>) -> [Rule; 4] {
    let minute = subject.recorded(MINUTE);
    let within_an_hour = |metric| format!("sum_over_time({metric}[{}])", promql::within(60));
    let all = within_an_hour(minute.clone());
    let even = within_an_hour(subject.recorded(EVEN));
    // In an even hour, the last 60 minutes hold its own even minutes and no others: those of
    // the even hour before are older. In an odd hour they hold what is left of the even one.
    let this_hour = format!(
        "{even} and on () hour() % 2 == 0\nor\n({all} - {even} or {all}) and on () hour() % 2 == 1"
    );
    // The first time in an hour, the last value of the hour before is that hour's count,
    // however long ago that was recorded.
    let before = |recorded: &str, minutes| {
        let range = promql::within(minutes);
        format!("last_over_time({recorded}[{range}] offset 1m)")
    };
    let start = |hours| subject.recorded_with(HOUR_START, &[equals(HOURS, hours)]);
    let labelled =
        |expr: &str, hours| format!("label_replace({expr}, \"{HOURS}\", \"{hours}\", \"\", \"\")");
    let this_start = "time() - time() % 3600";
    let start_before = before(&start(""), FOUND_FOR);
    let full = format!(
        "{}\nand on ()\n{start_before} < {this_start}",
        before(&subject.recorded(THIS_HOUR), FOUND_FOR),
    );
    let begun = format!("vector({this_start}) unless on () {start_before} >= {this_start}");
    let lost = format!(
        "{} unless on () {start_before}",
        before(&start(BEGUN), LOST_FOR)
    );
    let starts = format!(
        "vector({this_start})\nor\n{}\nor\n{}",
        labelled(&begun, BEGUN),
        labelled(&lost, LOST),
    );
    // It is found by what finds everything else that is recorded.
    let labels = match subject {
        Subject::One { job, .. } => job.labels(),
        Subject::All { .. } => Vec::new(),
    };
    [
        Rule::record(EVEN, format!("{minute} and on () hour() % 2 == 0"), &[]),
        Rule::record(THIS_HOUR, this_hour, &[]),
        Rule::record(HOUR, full, &[]),
        Rule::record(HOUR_START, starts, &labels),
    ]
}

/// The events of a window that ends now, by outcome.
///
/// Short windows are sums of minutes. Long ones are sums of hours: the full hours that ended
/// in the window, and the hour that has begun, without what of the first hour was before it.
/// Where no rule was evaluated when the window began, that is what the last evaluation before
/// said: the hour it belongs to was recorded by the next one, which is in the window. Where it was
/// not, because no rule was evaluated for too long, there is nothing to subtract from: the window
/// began in an hour that was found lost after it began.
pub(super) fn in_window(subject: Subject<'_>, minutes: u32) -> String {
    if minutes < LONG {
        let range = promql::within(minutes);
        return subject.counted(MINUTE, &[], |minute| {
            format!("sum_over_time({minute}[{range}])")
        });
    }
    let ago = duration(minutes);
    let (range, within_an_hour) = (subject.hours_within(minutes), promql::within(FOUND_FOR));
    let hours = subject.counted(HOUR, &[], |hour| format!("sum_over_time({hour}[{range}])"));
    let this_hour = subject.counted(THIS_HOUR, &[], str::to_owned);
    let on = subject.on_recorded();
    let hour_start = subject.under_any_name(HOUR_START, &[equals(HOURS, "")]);
    let lost = subject.under_any_name(HOUR_START, &[equals(HOURS, LOST)]);
    // The first hour that was lost since: it may be that of an evaluation at this very moment.
    let (since, seconds) = (promql::just_within(minutes), minutes * 60);
    let before = subject.counted(THIS_HOUR, &[], |hour| {
        format!(
            "(\n  {hour} offset {ago}\n  \
               or last_over_time({hour}[{within_an_hour}] offset {ago})\n    \
                 unless {on} {hour_start} offset {ago}\n)\n\
             unless {on} min_over_time({lost}[{since}]) <= time() - {seconds}"
        )
    });
    let before = promql::indented(&before);
    format!("({hours} or 0 * {this_hour})\n+ {this_hour}\n- (\n{before}\n  or 0 * {this_hour}\n)")
}

/// The shortest window that is put together from hours, in minutes.
pub(super) const LONG: u32 = 240;

/// The matcher for an outcome.
pub(super) fn outcome_matcher(outcome: &str) -> String {
    equals("slo_outcome", outcome)
}
