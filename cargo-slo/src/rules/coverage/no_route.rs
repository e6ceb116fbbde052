//! Without a `route`, requests that fail before the handler runs count for no SLO.
//!
//! A layer, an extractor or a time limit may answer before the handler of an endpoint runs. With a
//! `route` in the annotation such an answer is the endpoint's. Without one it is known whose it is only
//! once the handler was reached in this process, on a route of axum; behind tonic, or with the layer
//! around the whole router, it is never known. Then a service that fails from its first request on has
//! no failures in its SLO: they are counted as `slo.unannotated`.
//!
//! Name the route as the router has it: `route = "POST /orders/{id}"`, or
//! `route = "/package.Service/Method"` for gRPC. What is not a handler says so with `every = …` or
//! `per = call`, and needs none. Neither does what `endpoint!` declares: its requests are those of
//! the layer that it was given to.
//!
//! An exception is right where several routers serve one handler on several paths, and where the
//! dashboard's panel of what is not annotated is watched instead.

use crate::{
    diagnostics::Level,
    fleet::{
        Fleet, Place, Subject,
        coverage::{Coverage, answers_requests},
        uncovered::Route,
    },
    rules::{Finding, Rule, rule::Check},
    text::numbers::counted,
};
use slo_model::record::EndpointRecord;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "no-route",
    level: Level::Note,
    check: Check::Service(check),
    source: include_str!("no_route.rs"),
};

/// So many routes are named that it may be.
const CANDIDATES: usize = 3;

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let note = failed_unseen(subject);
    let coverage = Coverage::new(fleet, subject);
    let endpoints = subject.service.endpoints.iter();
    let without = endpoints.filter(|record| is_handler(record) && record.route.is_none());
    without
        .map(|record| {
            let name = format!("{}/{}", record.journey.name, record.name);
            let finding = Finding::new(
                &name,
                Place::Source(record.source.clone()),
                format!(
                    "`{name}` says no `route`: what fails before its handler runs may count for \
                     no SLO"
                ),
            )
            .notes(note.clone());
            let likely = coverage
                .as_ref()
                .and_then(|coverage| coverage.likely_route(record));
            let finding = match likely {
                Some(route) => finding.help(format!(
                    "add `route = \"{route}\"`, if that is what it serves"
                )),
                None => finding.help(
                    "add `route = \"METHOD /path/{param}\"` as the router has it, or \
                     `route = \"/package.Service/Method\"`",
                ),
            };
            finding.help("or `per = call`, if it is not a handler")
        })
        .collect()
}

/// True for a function that answers requests; what `endpoint!` declares is none.
fn is_handler(record: &EndpointRecord) -> bool {
    answers_requests(record) && !record.source.function.is_empty()
}

/// What was counted of routes on which everything failed: they may be those of endpoints that
/// don't say theirs.
fn failed_unseen(subject: &Subject<'_>) -> Option<String> {
    let traffic = subject.uncovered()?;
    let is_candidate = |route: &&Route<'_>| route.only_failed && route.annotated.is_empty();
    let routes = traffic.routes.iter().filter(is_candidate);
    let named: Vec<_> = routes
        .filter_map(|route| {
            let failed = counted(route.failed?, "request");
            Some(format!("{failed} to `{}`", route.name?))
        })
        .take(CANDIDATES)
        .collect();
    (!named.is_empty()).then(|| {
        format!(
            "failed, and nobody knows whose they are: {}",
            named.join(", ")
        )
    })
}
