//! An annotated endpoint was not called once in all of the history.
//!
//! Its SLOs are perfect and mean nothing, and its alerts can't fire. Either nobody uses it any more,
//! then the handler and its annotation can go. Or its requests are counted elsewhere: the route is
//! not wired into the router, the layer does not stand around it, or `route` in the annotation is
//! not the route it is mounted at, so that its requests are found under `slo.unannotated`.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`, in which other endpoints of the
//! service were called. Accept it with an exception for what is rarely needed on purpose, such as an
//! endpoint for emergencies, and watch that one with probes.

use super::{Finding, Place, Rule, Subject, counted::until, rule::Check, words::counted as number};
use crate::{
    diagnostics::Level,
    input::history::{Counted, History},
};
use slo_model::record::EndpointRecord;

pub(super) const RULE: Rule = Rule {
    name: "never-served",
    level: Level::Warning,
    check: Check::History(check),
    source: include_str!("never_served.rs"),
};

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    let all: u64 = counted.results.iter().map(|ended| ended.count).sum();
    let is_unused = |record: &&EndpointRecord| {
        let own = counted
            .results
            .iter()
            .filter(|ended| ended.endpoint == record.name && ended.journey == record.journey.name);
        own.map(|ended| ended.count).sum::<u64>() == 0
    };
    // A service that counts nothing at all is not deployed, or not found.
    if all == 0 {
        return Vec::new();
    }
    let unused = subject.service.endpoints.iter().filter(is_unused);
    unused
        .map(|record| {
            let name = format!("{}/{}", record.journey.name, record.name);
            let finding = Finding::new(
                &name,
                Place::Source(record.source.clone()),
                format!("nothing called `{name}` in {} days", history.days(&subject.service.name)),
            )
            .note(format!(
                "other endpoints of the service had {}",
                number(all, "event")
            ))
            .note(until(history));
            let finding = match &record.route {
                Some(route) => finding.help(format!(
                    "see that `{route}` is the route it is mounted at, and that the layer stands around it"
                )),
                None => finding.help("see that it is mounted, and that the layer stands around it"),
            };
            finding.help("or take it out, if nobody needs it any more")
        })
        .collect()
}
