//! An endpoint answers where no layer sees it.
//!
//! Without a layer nobody sees the answer that is made of what a handler returns. Where that does
//! not say whether it is good, the event has the result `outside_layer` and is good or bad in no
//! SLI. So the budget of the endpoint is not known, however full it looks. Most often the layer was
//! forgotten, or the route was added to the router after `.layer(SloLayer::new())`, which covers only
//! what was there before. What is no handler, but a job or a function of its own, says so with
//! `every = …` or `per = call` in its annotation, and is then judged by its value.
//!
//! The rule needs a history, `--history FILE` or `--prometheus URL`. Don't accept it: nothing is
//! promised that nobody measures. The alert `SloNotMeasured` says the same while it happens.

use super::{
    Finding, Place, Rule, Subject,
    counted::until,
    rule::Check,
    words::{counted as number, grouped},
};
use crate::{
    diagnostics::Level,
    input::history::{Counted, History},
};
use slo_model::EventResult;

pub(super) const RULE: Rule = Rule {
    name: "not-measured",
    level: Level::Error,
    check: Check::History(check),
    source: include_str!("not_measured.rs"),
};

fn check(subject: &Subject<'_>, history: &History, counted: &Counted) -> Vec<Finding> {
    let endpoints = subject.service.endpoints.iter();
    endpoints
        .filter_map(|record| {
            let own = counted.results.iter().filter(|ended| {
                ended.endpoint == record.name && ended.journey == record.journey.name
            });
            let (mut all, mut unseen) = (0u64, 0u64);
            for ended in own {
                all += ended.count;
                if ended.result == EventResult::OutsideLayer.as_str() {
                    unseen += ended.count;
                }
            }
            if unseen == 0 {
                return None;
            }
            let name = format!("{}/{}", record.journey.name, record.name);
            let message = if unseen == all {
                format!("`{name}` is not measured: no layer saw any of its answers")
            } else {
                format!("`{name}` is not measured as a whole: no layer saw some of its answers")
            };
            let finding = Finding::new(&name, Place::Source(record.source.clone()), message)
                .note(format!(
                    "{} of {} in {} ended as `outside_layer`, in no SLI",
                    grouped(unseen),
                    number(all, "event"),
                    number(history.days(&subject.service.name).into(), "day")
                ))
                .note(until(history))
                .help("call `.layer(SloLayer::new())` after the last route of the router");
            Some(match record.route {
                Some(_) => finding,
                None => finding.help(
                    "or, if it is no handler, add `every = …` (a job) or `per = call` to its \
                     annotation",
                ),
            })
        })
        .collect()
}
