//! Two processes write the same series.
//!
//! Prometheus makes a series of a resource and attributes. Processes that export the same resource
//! write the same series: its values jump between their counters, each jump down looks like a
//! restart, and error budgets and alerts are of neither process. It is found by starts or counters
//! that fall though no process began again.
//!
//! The SDK gives each process a random `service.instance.id`, so this happens where an
//! application's own meter provider has a resource without it, where the variable
//! `OTEL_RESOURCE_ATTRIBUTES` sets one for all replicas, or where a Collector removes it. Set it to
//! something that is new for each process; the name or UID of a pod is not, as containers restart
//! inside of one.
//!
//! The rule needs a history of `--prometheus URL`, and looks at the last day. There is no exception
//! that makes the numbers right.

use crate::{
    diagnostics::Level,
    fleet::{Place, Subject, measured::until},
    input::history::{Counted, History},
    rules::{Finding, Rule, rule::Check},
    text::numbers::counted as number,
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "two-writers",
    level: Level::Error,
    check: Check::History(check),
    source: include_str!("two_writers.rs"),
};

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    if counted.falls == 0 {
        return Vec::new();
    }
    let service = &subject.service.name;
    let finding = Finding::new(
        service,
        Place::Service,
        format!("several processes of {service} write the same series: what is counted is wrong"),
    )
    .note(format!(
        "series fell {} in the last day, though no process began again",
        number(counted.falls, "time")
    ))
    .note(until(history))
    .help("give each process a `service.instance.id` of its own: `init()` does, an application's own resource may not")
    .help("or see whether a Collector removes the attribute before it exports");
    vec![finding]
}
