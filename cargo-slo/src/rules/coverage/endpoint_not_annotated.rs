//! The service offers an endpoint that has no annotation.
//!
//! Whoever calls it can't know what to expect, and its failures spend nobody's error budget: they are
//! counted, but no alert looks at them. The endpoints of a service are those of the files that
//! `[coverage]` in `slo.toml` names: OpenAPI descriptions, descriptor sets of protobuf, routes of a
//! gateway, or a list.
//!
//! ```toml
//! [coverage]
//! openapi = ["openapi.yaml"]
//! ignore = [{ route = "/healthz", reason = "asked by the cluster, not by users" }]
//! ```
//!
//! `{id}`, `:id` and `{orderId}` are the same, and a path counts with and without the path of a
//! server. `HEAD`, `OPTIONS` and `TRACE` are not endpoints of their own. An annotation without
//! `route` can't be compared: name the route in it. Where an endpoint needs no promise, ignore it
//! and say why.
//!
//! An exception is right for endpoints that are to go soon; for those that stay without a promise,
//! `ignore` keeps the number honest.

use crate::{
    diagnostics::{Level, nearest},
    fleet::{Fleet, Place, Subject, coverage::Coverage},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "endpoint-not-annotated",
    level: Level::Warning,
    check: Check::Offered(check),
    source: include_str!("endpoint_not_annotated.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(coverage) = Coverage::new(fleet, subject) else {
        return Vec::new();
    };
    let without_route = || coverage.without_route.iter().map(|record| &*record.name);
    let mut found = Vec::new();
    for offered in coverage.not_annotated() {
        let name = &offered.name;
        let finding = Finding::new(
            name,
            Place::File(offered.location.clone()),
            format!("`{name}` has no annotation: nothing is promised to those who call it"),
        )
        .note(coverage.share());
        // `GET /orders/cart` and a function called `cart`.
        let last = name
            .rsplit('/')
            .find(|part| !part.contains(['{', ':', '*']));
        let finding = match nearest(last.unwrap_or(name), without_route()) {
            Some(record) => finding.help(format!(
                "if `{record}` serves it, say so in its annotation: `route = \"{name}\"`"
            )),
            None => finding.help(format!(
                "annotate what serves it: `#[slo(journey = …, route = \"{name}\")]`"
            )),
        };
        found.push(finding.help(format!(
            "or ignore it under `[coverage]`: `ignore = [{{ route = \"{name}\", reason = \"…\" }}]`"
        )));
    }
    found
}
