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
//! server. `HEAD`, `OPTIONS` and `TRACE` are not endpoints of their own. Where an endpoint needs no
//! promise, ignore it and say why.
//!
//! An annotation without `route` can't be compared: it may serve any endpoint that no other annotation
//! names. Where there are such annotations, one finding says so, and which of them probably serves what,
//! by their names; whether an endpoint has none can be told once all of them name their routes.
//!
//! An exception is right for endpoints that are to go soon; for those that stay without a promise,
//! `ignore` keeps the number honest.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, coverage::Coverage},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "endpoint-not-annotated",
    level: Level::Warning,
    check: Check::Offered(check),
    source: include_str!("endpoint_not_annotated.rs"),
};

/// So many ways out are shown.
const SHOWN: usize = 10;

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(coverage) = Coverage::new(fleet, subject) else {
        return Vec::new();
    };
    let clear = coverage.not_annotated().map(|offered| {
        let name = &offered.name;
        Finding::new(
            name,
            Place::File(offered.location.clone()),
            format!("`{name}` has no annotation: nothing is promised to those who call it"),
        )
        .note(coverage.share())
        .help(format!(
            "annotate what serves it: `#[slo(journey = …, route = \"{name}\")]`"
        ))
        .help(format!(
            "or ignore it under `[coverage]`: `ignore = [{{ route = \"{name}\", reason = \"…\" }}]`"
        ))
    });
    clear.chain(unclear(subject, &coverage)).collect()
}

/// Endpoints that may be those of annotations which say no route.
fn unclear(subject: &Subject<'_>, coverage: &Coverage<'_>) -> Option<Finding> {
    let unclear: Vec<_> = coverage.unclear().collect();
    let first = unclear.first()?;
    let (are, count) = match unclear.len() {
        1 => ("is", format!("`{}`", first.name)),
        many => ("are", format!("{many} of {} endpoints", coverage.offered)),
    };
    let mut finding = Finding::new(
        &subject.service.name,
        Place::File(first.location.clone()),
        format!(
            "whether {count} {are} annotated can't be told: {}",
            coverage.who_says_no_route()
        ),
    );
    let is_likely = |name: &str| coverage.likely.iter().any(|(one, _)| one.name == name);
    let others = unclear.iter().filter(|one| !is_likely(&one.name));
    let others: Vec<_> = others.map(|one| format!("`{}`", one.name)).collect();
    if !others.is_empty() {
        finding = finding.note(format!("no annotation is called like {}", listed(&others)));
    }
    for (offered, record) in coverage.likely.iter().take(SHOWN) {
        finding = finding.help(format!(
            "`{}` probably serves `{1}`: write `route = \"{1}\"` in its annotation",
            record.name, offered.name
        ));
    }
    let is_guessed = |name: &str| coverage.likely.iter().any(|(_, one)| one.name == name);
    let rest = coverage.without_route.iter().map(|one| &*one.name);
    let rest: Vec<_> = rest
        .filter(|name| !is_guessed(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !rest.is_empty() {
        finding = finding.help(format!(
            "name the routes of {}: `route = \"METHOD /path/{{param}}\"` in the annotation",
            listed(&rest)
        ));
    }
    Some(finding)
}

/// Some of them, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
