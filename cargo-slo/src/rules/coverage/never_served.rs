//! An annotated endpoint was never called in the whole history.
//!
//! Its SLOs are perfect and mean nothing, and its alerts can't fire. Either nobody uses it any more,
//! then the handler and its annotation can go. Or its requests are counted elsewhere: the route is
//! not wired into the router, the layer does not stand around it, or `route` in the annotation is
//! not the route it is mounted at, so that its requests are found under `slo.unannotated`. A job
//! that never ran stands on nobody's schedule.
//!
//! A service exports its endpoints at 0 from the start, so one that has no series at all was not
//! deployed yet, and is left out. One that was deployed at the end of the history is found: wait.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`, in which other endpoints of the
//! service were called. Accept it with an exception for what is rarely needed on purpose, such as an
//! endpoint for emergencies, and watch that one with probes.

use crate::{
    diagnostics::Level,
    fleet::{Place, Subject, measured::until},
    input::history::{Counted, History},
    rules::{Finding, Rule, rule::Check},
    text::numbers::counted as number,
};
use slo_model::record::EndpointRecord;

pub(in crate::rules) const RULE: Rule = Rule {
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
    let is_deployed = |record: &&EndpointRecord| {
        let is_it = |journey: &str, endpoint: &str| {
            journey == record.journey.name && endpoint == record.name
        };
        let mut results = counted.results.iter();
        let mut events = counted.events.iter();
        results.any(|ended| is_it(&ended.journey, &ended.endpoint))
            || events.any(|events| is_it(&events.journey, &events.endpoint))
    };
    let unused = subject.service.endpoints.iter();
    unused
        .filter(|record| is_deployed(record) && is_unused(record))
        .map(|record| {
            let name = format!("{}/{}", record.journey.name, record.name);
            let days = number(history.days(&subject.service.name).into(), "day");
            let message = match record.every {
                Some(_) => format!("the job `{name}` did not run in {days}"),
                None => format!("nothing called `{name}` in {days}"),
            };
            let finding = Finding::new(&name, Place::Source(record.source.clone()), message)
                .note(format!(
                    "the rest of the service had {}",
                    number(all, "event")
                ))
                .note(until(history))
                .help("a new one was hardly deployed yet: then nothing is wrong");
            let finding = match (record.every, &record.route) {
                (Some(_), _) => finding.help("see that something starts it"),
                (None, Some(route)) => finding.help(format!(
                    "see that `{route}` is the route it is mounted at, and that the layer stands \
                     around it"
                )),
                (None, None) => {
                    finding.help("see that it is mounted, and that the layer stands around it")
                }
            };
            finding.help("or take it out, if nobody needs it any more")
        })
        .collect()
}
