//! A journey has only one endpoint in the service, so it adds nothing to the endpoint's own SLO.
//!
//! Users get something done in several steps, and feel the whole: a shop where paying works and the
//! cart does not is closed. A journey of one endpoint is often an endpoint under another name, while
//! its neighbours are annotated with journeys of their own; together they would have more traffic and
//! a budget that means more. Where one request really is all a user does here, or the other steps are
//! in other services, there is nothing to do: this is a note.
//!
//! An exception says what the only step is.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "journey-of-one-endpoint",
    level: Level::Note,
    check: Check::Service(check),
    source: include_str!("journey_of_one_endpoint.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    // One service with one endpoint has nothing it could join.
    if subject.service.endpoints.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for journey in &subject.service.journeys {
        let [only] = &journey.endpoints[..] else {
            continue;
        };
        let name = &journey.record.name;
        let sources: Vec<_> = subject
            .service
            .endpoints_of(name)
            .map(|endpoint| endpoint.source.clone())
            .collect();
        found.push(
            Finding::new(
                name,
                Place::first_of(&sources),
                format!("the journey `{name}` has only the endpoint `{only}` here"),
            )
            .help(
                "annotate the other steps of the journey with it, or let the endpoint join another",
            ),
        );
    }
    found
}
