//! An exception accepts a finding without a reason.
//!
//! An exception hides something from every later reader. The reason tells them whether it still
//! holds: who decided, and what would have to change. It stands beside the rule:
//!
//! ```toml
//! [[exception]]
//! rule = "few-events"
//! on = "settlement.availability"
//! reason = "five runs a month; each failure is looked at by a person anyway"
//! ```

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "exception-without-reason",
    level: Level::Error,
    check: Check::Exceptions(check),
    source: include_str!("exception_without_reason.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>, _: &[bool]) -> Vec<Finding> {
    let mut found = Vec::new();
    for exception in subject.facts().iter().flat_map(|facts| &facts.exception) {
        let reason = exception.reason.as_deref().unwrap_or("").trim();
        if reason.is_empty() {
            let rule = exception.rule.get_ref();
            found.push(
                Finding::new(
                    rule,
                    Place::Manifest(exception.rule.span()),
                    format!("findings of `{rule}` are accepted without a reason"),
                )
                .help("say why: `reason = \"…\"`"),
            );
        }
    }
    found
}
