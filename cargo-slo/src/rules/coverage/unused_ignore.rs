//! An ignored route is listed by no file: the endpoint is gone, or its name is wrong.
//!
//! What is ignored under `[coverage]` does not count in how much of a service its annotations cover.
//! An entry that outlives its endpoint hides the next one that gets its name; one that never matched
//! hides nothing, and its endpoint is found all the same. Remove it, or correct its `route`.
//!
//! There is no reason for an exception: an entry that does nothing can go.

use crate::{
    diagnostics::{Change, Level, nearest},
    fleet::{Fleet, Place, Subject, coverage::Coverage},
    rules::{Finding, Rule, change::without, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unused-ignore",
    level: Level::Warning,
    check: Check::Offered(check),
    source: include_str!("unused_ignore.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(coverage) = Coverage::new(fleet, subject) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for ignore in &coverage.unused {
        let route = &ignore.route.get_ref().text;
        let finding = Finding::new(
            route,
            Place::Manifest(ignore.route.span()),
            format!("`{route}` is ignored, but no file lists it"),
        );
        let missing = coverage.missing.iter().map(|offered| &*offered.name);
        found.push(match nearest(route, missing) {
            Some(meant) => finding.meant(subject, ignore.route.span(), meant),
            None => finding
                .changes(
                    without(subject, &["coverage", "ignore"], &ignore.route.span())
                        .map(|edit| Change::certain("take it out", edit)),
                )
                .help("or correct its route"),
        });
    }
    found
}
