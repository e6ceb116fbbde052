//! The review of a target is overdue.
//!
//! Services and their users change, and a target that nobody looks at becomes a number on a wall. A
//! review says with `next` when it is repeated; without it, a year later. Repeat it, even if only to
//! say that the value is still right, and write down the new date.
//!
//! An exception would be a review with less paper: write down the new date instead.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, reviews::last_words},
    rules::{Finding, Rule, rule::Check},
};
use toml::Spanned;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "review-overdue",
    level: Level::Warning,
    check: Check::Service(check),
    source: include_str!("review_overdue.rs"),
};

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let reviews = subject.facts().map_or(&[][..], |facts| &facts.review);
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let name = slo.identity.name_in_service();
        for review in last_words(reviews, &name) {
            let days = fleet.today.days_since(review.repeated());
            if days == 0 {
                continue;
            }
            let next = review.next.as_ref();
            let span = next.map_or_else(|| review.slo.span(), Spanned::span);
            found.push(
                Finding::new(
                    &name,
                    Place::Manifest(span),
                    format!(
                        "the review of `{name}` is overdue by {}",
                        crate::text::numbers::counted(days, "day")
                    ),
                )
                .note(format!(
                    "{} called it {} on {}",
                    review.by,
                    review.verdict.as_str(),
                    review.date
                ))
                .help("look at it again, and write down the new date"),
            );
        }
    }
    found
}
