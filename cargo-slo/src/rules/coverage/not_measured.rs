//! An endpoint serves requests that no layer sees.
//!
//! Without a layer nobody sees the answer that is made of what a handler returns. Where that does
//! not say whether it is good, the event has the result `outside_layer` and is good or bad in no
//! SLI. So the budget of the endpoint is not known, however full it looks. Most often the layer was
//! forgotten, or the route was added to the router after `.layer(SloLayer::new())`, which covers only
//! what was there before. What is not a handler, but a job or a function of its own, says so with
//! `every = …` or `per = call` in its annotation, and is then judged by its value.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`. Don't accept it: nothing is
//! promised that nobody measures. The alert `SloNotMeasured` says the same while it happens.

use crate::{
    diagnostics::Level,
    fleet::{
        Place, Subject,
        layers::{Measured, State},
        measured::until,
    },
    input::history::{Counted, History},
    rules::{Finding, Rule, rule::Check},
    text::numbers::{counted, grouped},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "not-measured",
    level: Level::Error,
    check: Check::History(check),
    source: include_str!("not_measured.rs"),
};

fn check(subject: &Subject<'_>, history: &History, _: &Counted) -> Vec<Finding> {
    let measured = subject.measured_endpoints().into_iter().flatten();
    measured
        .filter_map(|measured| finding(subject, history, &measured))
        .collect()
}

fn finding(subject: &Subject<'_>, history: &History, measured: &Measured<'_>) -> Option<Finding> {
    let record = measured.endpoint;
    let name = format!("{}/{}", record.journey.name, record.name);
    let message = match measured.state() {
        State::Whole | State::Idle => return None,
        State::Not => format!("`{name}` is not measured: no layer saw any of its answers"),
        State::InPart => {
            format!("`{name}` is not measured as a whole: no layer saw some of its answers")
        }
    };
    let finding = Finding::new(&name, Place::Source(record.source.clone()), message)
        .note(format!(
            "{} of {} in {} ended as `outside_layer`, in no SLI",
            grouped(measured.unseen),
            counted(measured.events, "event"),
            counted(history.days(&subject.service.name).into(), "day")
        ))
        .note(until(history))
        .help("call `.layer(SloLayer::new())` after the last route of the router");
    Some(match record.route {
        Some(_) => finding,
        None => finding.help(
            "or, if it is not a handler, add `every = …` (a job) or `per = call` to its annotation",
        ),
    })
}
