//! An annotation names a route that the service does not offer; it is probably misspelt.
//!
//! Requests that end before the handler runs, such as those that a time limit or a limit of load
//! turns away, are counted for the endpoint whose `route` they match. With a misspelt route they are
//! counted for none, and the SLO looks better than users find it. The endpoints of a service are those
//! of the files that `[coverage]` in `slo.toml` names.
//!
//! Correct the route, or list it where the service says what it offers. Where the files have a path
//! before it that the service never sees, name it: `prefix = "/api"` under `[coverage]`.
//!
//! An exception is right for an endpoint that is served on purpose and listed on purpose nowhere,
//! such as one for the team itself.

use crate::{
    diagnostics::{Change, Level},
    fleet::{Fleet, Place, Subject, coverage::Coverage},
    rules::{Finding, Rule, promise::annotation, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "route-not-offered",
    level: Level::Warning,
    check: Check::Offered(check),
    source: include_str!("route_not_offered.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(coverage) = Coverage::new(fleet, subject) else {
        return Vec::new();
    };
    let files = fleet
        .api(&subject.service.name)
        .map_or(&[][..], |api| &api.files);
    let mut found = Vec::new();
    for unlisted in &coverage.unlisted {
        let endpoint = unlisted.endpoint;
        let finding = Finding::new(
            format!("{}/{}", endpoint.journey.name, endpoint.name),
            Place::Source(endpoint.source.clone()),
            format!(
                "the endpoint `{}` is annotated for `{}`, which the service does not offer",
                endpoint.name, unlisted.route
            ),
        )
        .note(format!("what it offers stands in {}", files.join(", ")));
        found.push(match unlisted.meant {
            Some(meant) => {
                let place = &meant.location;
                let line = place.line.map_or(String::new(), |line| format!(":{line}"));
                let words = format!("did you mean `{}` ({}{line})?", meant.name, place.file);
                let route = |route: &str| format!("route = {route:?}");
                let edit = annotation(
                    &endpoint.source,
                    route(&meant.name),
                    Some(route(unlisted.route)),
                );
                finding.changes([Change::decision(words, edit)])
            }
            None => {
                finding.help("correct the route, or list it where the service says what it offers")
            }
        });
    }
    found
}
