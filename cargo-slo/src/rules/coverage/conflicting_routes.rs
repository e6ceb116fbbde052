//! Two endpoints declare routes that match the same requests.
//!
//! Two annotations with one `route`, or `/files/{id}` beside `/files/{*rest}`: no router holds both, so
//! they stand in two, or one of them is not what is mounted. A request that ends before a handler runs
//! matches both with equal right. Nobody can tell whose it is, so it counts for neither, and both SLOs
//! look better than users find them. Names of parameters make no difference; a literal such as
//! `/files/new` beside `/files/{id}` goes first, as in the router, and is not a conflict.
//!
//! Correct the route that is not mounted where it says. Where two routers really serve the same path, as
//! on two ports, leave `route` out of both annotations: then each is learnt of its own router.
//!
//! An exception is right for two handlers that can't both be in the program, as of two features.

use crate::{
    definition::RouteConflict,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};
use slo_model::record::EndpointRecord;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "conflicting-routes",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("conflicting_routes.rs"),
};

/// So many rivals are named.
const NAMED: usize = 5;

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let conflicts = subject.service.conflicting_routes().into_iter();
    conflicts.map(|conflict| finding(&conflict)).collect()
}

fn finding(conflict: &RouteConflict<'_>) -> Finding {
    let endpoint = conflict.endpoint;
    let finding = Finding::new(
        format!("{}/{}", endpoint.journey.name, endpoint.name),
        Place::Source(endpoint.source.clone()),
        in_words(conflict),
    )
    .notes(conflict.rivals.iter().take(NAMED).map(|rival| {
        let source = &rival.source;
        format!("`{}` stands at {}:{}", rival.name, source.file, source.line)
    }))
    .note("what ends before a handler runs counts for none of them");
    match conflict.is_same {
        true => finding
            .help("correct the route that is not mounted there")
            .help("or leave `route` out of both, if two routers serve it: each is learnt then"),
        false => finding
            .help("give what takes whatever follows a path of its own")
            .help("or leave its `route` out: its handler still counts what reaches it"),
    }
}

/// Who claims the same requests.
pub(crate) fn in_words(conflict: &RouteConflict<'_>) -> String {
    let more = conflict.rivals.len().saturating_sub(NAMED);
    let rivals = conflict.rivals.iter().take(NAMED);
    let mut rivals: Vec<_> = rivals.map(|rival| routed(rival)).collect();
    if more > 0 {
        rivals.push(format!("{more} more"));
    }
    let (endpoint, rivals) = (routed(conflict.endpoint), rivals.join(", "));
    match conflict.is_same {
        true => format!("{endpoint} and {rivals} declare one route"),
        false => format!("{endpoint} takes the requests of {rivals}, too"),
    }
}

fn routed(endpoint: &EndpointRecord) -> String {
    let route = endpoint.route.as_deref().unwrap_or_default();
    format!("`{route}` (`{}`)", endpoint.name)
}
