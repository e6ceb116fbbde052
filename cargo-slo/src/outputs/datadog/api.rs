//! The bodies of requests to Datadog's API.

use super::{Monitor, Objective, notes, objectives};
use crate::{
    fleet::{Fleet, Subject},
    outputs::{
        File, Files, Output, Settings, facts, names,
        tree::{Node, json},
    },
};

/// Where the id of an SLO has to be put, which is known only when the SLO exists.
const ID: &str = "SLO_ID";

/// A file per service with the bodies of requests that create SLOs and monitors.
#[derive(Clone, Copy, Debug)]
pub(in crate::outputs) struct Datadog;

impl Output for Datadog {
    fn name(&self) -> &'static str {
        "datadog"
    }

    fn about(&self) -> &'static str {
        "Datadog SLOs and burn-rate monitors, bodies of API requests"
    }

    fn generate<'a>(&self, fleet: &'a Fleet<'a>, settings: &'a Settings) -> Files<'a> {
        Box::new(fleet.subjects.iter().map(move |subject| File {
            name: names::file(&subject.service.name, settings, "datadog.json"),
            content: requests(fleet, subject, settings),
        }))
    }
}

fn requests(fleet: &Fleet<'_>, subject: &Subject<'_>, settings: &Settings) -> String {
    let mut about = facts::head(subject.service, &notes(fleet, subject, settings));
    about.extend(
        [
            "",
            "For each entry of `objectives`: POST its `slo` to /api/v1/slo, put the id that comes",
            "back (data[0].id) where the queries of its `monitors` say SLO_ID, and POST each of",
            "them to /api/v1/monitor. docs/outputs.md has the commands. Posting again makes copies:",
            "to keep SLOs up to date, use `cargo slo generate terraform`.",
        ]
        .map(str::to_owned),
    );
    let objectives = objectives(subject, settings);
    let objectives = objectives.iter().map(|objective| {
        let monitors = objective.monitors.iter().map(monitor);
        Node::map([("slo", slo(objective)), ("monitors", Node::list(monitors))])
    });
    json(&Node::map([
        ("about", Node::list(about)),
        ("objectives", Node::list(objectives)),
    ]))
}

fn slo(objective: &Objective<'_>) -> Node {
    Node::map([
        ("name", Node::from(&*objective.name)),
        ("type", "metric".into()),
        ("description", Node::from(&*objective.description)),
        (
            "tags",
            Node::list(objective.tags.iter().map(String::as_str)),
        ),
        (
            "query",
            Node::map([
                ("numerator", Node::from(&*objective.good)),
                ("denominator", Node::from(&*objective.valid)),
            ]),
        ),
        (
            "thresholds",
            Node::list([Node::map([
                ("timeframe", objective.timeframe.into()),
                ("target", objective.target.into()),
            ])]),
        ),
    ])
}

fn monitor(monitor: &Monitor) -> Node {
    let thresholds = Node::map([("critical", monitor.critical.into())]);
    Node::map([
        ("name", Node::from(&*monitor.name)),
        ("type", "slo alert".into()),
        ("query", monitor.query(ID).into()),
        ("message", Node::from(&*monitor.message)),
        ("tags", Node::list(monitor.tags.iter().map(String::as_str))),
        ("options", Node::map([("thresholds", thresholds)])),
    ])
}
