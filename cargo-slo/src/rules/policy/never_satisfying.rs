//! The service's operators called a target achievable, but none of its users called it satisfying.
//!
//! The people who run a service know what it can keep; only those who use it know what is good
//! enough. A target with the first word alone is a promise nobody asked for: it may be too low, so
//! that users are unhappy while all is green, or too high, so that money is spent on what nobody
//! feels. Ask them, and write down what they say:
//!
//! ```toml
//! [[review]]
//! slo = "checkout.availability"
//! verdict = "satisfying"
//! by = "B. Sato, online shop"
//! date = 2026-05-31
//! of = "…"
//! ```
//!
//! An exception is right while nobody uses the service yet; it names who will be asked.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    input::manifest::Verdict,
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "never-satisfying",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("never_satisfying.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let reviews = subject.facts().map_or(&[][..], |facts| &facts.review);
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let name = slo.identity.name_in_service();
        let said = |verdict| {
            reviews
                .iter()
                .find(|r| r.verdict == verdict && *r.slo.get_ref() == name)
        };
        let (Some(review), None) = (said(Verdict::Achievable), said(Verdict::Satisfying)) else {
            continue;
        };
        found.push(
            Finding::new(
                &name,
                Place::Manifest(review.slo.span()),
                format!("`{name}` was called achievable, but by no user satisfying"),
            )
            .help("ask those who use it, and write their answer down: `verdict = \"satisfying\"`"),
        );
    }
    found
}
