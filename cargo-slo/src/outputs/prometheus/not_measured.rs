//! The alert that an endpoint answers where no layer sees it.
//!
//! Such events are in no SLI, so an endpoint that has nothing else looks as if nobody called it,
//! and its budget as if it were whole. That is not to be taken for health.

use super::{
    file::{Kind, Rule},
    job::Job,
    joined::Joined,
    names::Instrument,
    promql::equals,
    stuck,
};
use crate::{outputs::Settings, text::template::literal};

/// How long the alert stays open after the last such event.
const WINDOW: &str = "1h";

/// The alert, for one service or for all.
///
/// `increase` does not see what a counter was born with, so one that is younger than the window
/// counts as a whole.
pub(super) fn rule(job: Option<&Job>, settings: &Settings) -> Rule {
    let names = settings.names;
    let joined = Joined::by(&["slo.journey", "slo.endpoint"], settings);
    let mut matchers = job.map(Job::matchers).unwrap_or_default();
    matchers.push(equals(&names.label("slo.result"), "outside_layer"));
    let events = names.selector(Instrument::Results, &matchers);
    let grown = joined.aggregate("sum", &format!("increase({events}[{WINDOW}])"));
    let born = joined.aggregate("sum", &format!("{events} unless {events} offset {WINDOW}"));
    let mut labels = vec![("severity", "ticket".to_owned())];
    if let Some(job) = job {
        labels.push(("slo_service", literal(job.service())));
    }
    let endpoint = "{{ $labels.slo_journey }}/{{ $labels.slo_endpoint }}";
    let whose = match job {
        Some(job) => literal(job.service()),
        None => stuck::service(settings),
    };
    Rule {
        kind: Kind::Alert { held_for: None },
        name: "SloNotMeasured".to_owned(),
        expr: format!("(\n  {grown} > 0\n)\nor (\n  {born} > 0\n)"),
        labels,
        annotations: vec![
            (
                "summary",
                format!(
                    "Endpoint {endpoint} of {whose} is not measured: it answers where no SloLayer \
                     sees it"
                ),
            ),
            (
                "description",
                "These events are good or bad in no SLI, so neither the error ratio nor the error \
                 budget says how the endpoint does. A layer covers the routes that a router got \
                 before it: call `.layer(SloLayer::new())` after the last one. What is not a handler \
                 gets `every = …` (a job) or `per = call` in its annotation. The log of the \
                 service has a warning that names it."
                    .to_owned(),
            ),
        ],
    }
}
