//! The alert that a process counted events that no budget has.
//!
//! Rules remember for an hour what they counted up to. A process that was silent for longer, or
//! that they could not look at for longer, is counted from when it is seen again: how much of
//! what it shows was counted before is not known any more. A number that misses events without
//! a word would be worse than none, so there is a ticket that names the hole.

use super::{
    counts,
    file::{Kind, Rule},
    job::{Job, Labelled},
    objective::seen_start,
    promql::{equals, indented, selector},
    stuck,
    writers::{MEMORY, SEEN_START, Writers},
};
use crate::{definition::Service, outputs::Settings, text::template::literal};

/// How many processes were counted again from what they showed, which is later than what they
/// showed when they were seen last.
const UNCOUNTED: &str = "slo:processes:uncounted";

/// How long it is told.
const TOLD_FOR: &str = "1d";

/// The rules of a service.
pub(super) fn of_service(service: &Service, job: &Job) -> [Rule; 4] {
    let label = ("slo_service", service.name.clone());
    let mut own = vec![equals(label.0, &label.1)];
    own.extend(job.recorded_matchers());
    let matchers = job.matchers();
    let writers = Writers::new(job.labelled(), &matchers);
    let started = selector(SEEN_START, &own);
    let unseen = writers.unseen(&started);
    // Rules of a service look for no label with a dot to join by: it is all one service's.
    let counted = counted_before(&selector(counts::HOUR, &own));
    let expr = format!(
        "count by ({}) (\n{}\n)\nand on ()\ncount({counted})",
        job.by(),
        indented(&unseen)
    );
    let of_one = [
        ("severity", "ticket".to_owned()),
        ("slo_service", literal(&service.name)),
    ];
    let of_one = |alert| Rule {
        labels: of_one.to_vec(),
        ..alert
    };
    let alert = alert(
        &selector(UNCOUNTED, &own),
        &job.by(),
        &literal(&service.name),
    );
    [
        writers.remember_starts(std::slice::from_ref(&label)),
        Rule::record(UNCOUNTED, expr, std::slice::from_ref(&label)),
        of_one(alert),
        of_one(delayed(&started, job.labelled())),
    ]
}

/// The rules for all services. What processes were seen is recorded with their counts.
pub(super) fn of_all(settings: &Settings) -> [Rule; 3] {
    let labelled = Labelled::new(settings);
    let by = labelled.by();
    let unseen = Writers::new(labelled, &[]).unseen(&seen_start());
    let counted = counted_before(counts::HOUR);
    let expr = format!(
        "count by ({by}) (\n{}\n)\nand on ({by})\ncount by ({by}) ({counted})",
        indented(&unseen)
    );
    [
        Rule::record(UNCOUNTED, expr, &[]),
        alert(UNCOUNTED, &by, &stuck::service(settings)),
        delayed(&seen_start(), labelled),
    ]
}

/// The alert that rules don't see what the rules before them recorded at the same moment: then
/// counts are differences of a value with itself, and nothing is ever counted.
fn delayed(started: &str, labelled: Labelled) -> Rule {
    let (age, cure) = match labelled.is_staged() {
        true => (
            30,
            "vmalert sends results away and reads them back: within ten seconds they have to be \
             there. Set its `-remoteWrite.flushInterval=1s`, and see whether the store is overloaded.",
        ),
        false => (
            1,
            "A Prometheus does that, and so does Mimir's ruler. For vmalert, generate the rules with \
             `--store victoriametrics`.",
        ),
    };
    Rule {
        kind: Kind::Alert {
            held_for: Some("5m".into()),
        },
        name: "SloCountsDelayed".to_owned(),
        expr: format!("time() - max(timestamp({started})) >= {age}"),
        labels: vec![("severity", "ticket".to_owned())],
        annotations: vec![
            (
                "summary",
                "SLO rules count nothing: they don't see what they recorded a moment ago"
                    .to_owned(),
            ),
            (
                "description",
                format!(
                    "What a rule records has to be there for the rules that are evaluated after \
                     it. {cure}"
                ),
            ),
        ],
    }
}

/// The hours that were counted before the memory of the rules begins: where there are none, it
/// is these rules that are new, and not what they see.
fn counted_before(hours: &str) -> String {
    format!("count_over_time({hours}[1d] offset {MEMORY})")
}

fn alert(uncounted: &str, by: &str, service: &str) -> Rule {
    Rule {
        kind: Kind::Alert { held_for: None },
        name: "SloDataGap".to_owned(),
        expr: format!("sum by ({by}) (sum_over_time({uncounted}[{TOLD_FOR}])) > 0"),
        labels: vec![("severity", "ticket".to_owned())],
        annotations: vec![
            (
                "summary",
                format!(
                    "Error budgets of {service} miss events: it was counted again after more than an hour"
                ),
            ),
            (
                "description",
                format!(
                    "For {{{{ $value }}}} of its processes no sample came, or no rule was evaluated, \
                     for more than {MEMORY} within the last day. What they counted meanwhile is in no \
                     error budget; their counters (`slo.events`) have it. Look for an outage of the \
                     collector, of this Prometheus or of its rules, and for a queue that was \
                     replayed late: up to {MEMORY} loses nothing."
                ),
            ),
        ],
    }
}
