//! A target's value has changed since it was approved.
//!
//! An approval is for a value: whoever said that 99.9% is achievable did not say so of 99.95%. When
//! the target, the threshold or the window changes, what was said before is void until it is said
//! again. The approval holds the hash of the value it is for, in `of`; the finding shows the hash of
//! the value there is now. Only the last word of each kind counts.
//!
//! Show the new value to those who approved the old one, and write down what they say with the new
//! hash. An exception would stand for an approval that nobody gave.

use crate::{
    definition::value_hash,
    diagnostics::Level,
    fleet::{Fleet, Place, Subject, reviews::last_words},
    input::values::Promise,
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "approval-void",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("approval_void.rs"),
};

fn check(_: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let reviews = subject.facts().map_or(&[][..], |facts| &facts.review);
    let mut found = Vec::new();
    for slo in &subject.service.slos {
        let name = slo.identity.name_in_service();
        let hash = value_hash(slo);
        for review in last_words(reviews, &name) {
            if *review.of.get_ref() == hash {
                continue;
            }
            let value = Promise {
                target: slo.target,
                threshold: slo.sli.threshold(),
            };
            found.push(
                Finding::new(
                    &name,
                    Place::Manifest(review.of.span()),
                    format!(
                        "`{name}` is no longer what {} called {} on {}",
                        review.by,
                        review.verdict.as_str(),
                        review.date
                    ),
                )
                .note(format!("now it promises {value} over {}", slo.window))
                .help(format!(
                    "ask again, then write down the new date and `of = \"{hash}\"`"
                )),
            );
        }
    }
    found
}
