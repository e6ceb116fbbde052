//! A correction of an error budget that a reader could not believe.
//!
//! A correction says that the events of a stretch of time tell nothing of what users got: a load test,
//! monitoring that was broken. `cargo slo status` then shows what is left without them beside what is
//! left. Alerts and the gate never look at it. It is believed for as long as everybody can see what
//! happened, so it says why, ends after it began, lies in the past, is not longer than a week, and
//! takes no event out twice:
//!
//! ```toml
//! [[correction]]
//! on = "checkout"
//! from = 2026-05-30T09:00:00+09:00
//! to = 2026-05-30T11:30:00+09:00
//! reason = "a load test with made-up orders"
//! by = "A. Mori, team orders"
//! ```
//!
//! Correct the times or join what overlaps. Where more than a week tells nothing, the SLI measures the
//! wrong thing, and that is to be mended instead.

use crate::{
    diagnostics::Level,
    fleet::{Fleet, Place, Subject},
    input::{manifest::Correction, values::Date},
    rules::{Finding, Rule, rule::Check},
};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "doubtful-correction",
    level: Level::Error,
    check: Check::Service(check),
    source: include_str!("doubtful_correction.rs"),
};

/// The longest stretch that is believed, in seconds: a week.
const LONGEST: i64 = 7 * DAY;

/// A day in seconds.
const DAY: i64 = 86_400;

fn check(fleet: &Fleet<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    let corrections = subject.facts().map_or(&[][..], |facts| &facts.correction);
    let mut found = Vec::new();
    for (n, correction) in corrections.iter().enumerate() {
        let on = correction.on.as_ref();
        let on = on.map_or(&subject.service.name, |on| on.get_ref());
        let finding =
            |message: String| Finding::new(on, Place::Manifest(correction.from.span()), message);
        if correction
            .reason
            .as_deref()
            .is_none_or(|reason| reason.trim().is_empty())
        {
            let message = format!("the budget of `{on}` is corrected without a reason");
            found.push(finding(message).help("say why: `reason = \"…\"`"));
        }
        found.extend(
            doubt(correction, fleet.today)
                .map(|(what, help)| finding(format!("a correction of `{on}` {what}")).help(help)),
        );
        let others = corrections[..n].iter();
        let overlaps = others.filter(|other| overlap(other, correction));
        found.extend(
            overlaps
                .filter(|other| both_cover(subject, other, correction))
                .map(|other| {
                    finding(format!("two corrections of `{on}` overlap"))
                        .note(format!(
                            "the other one is from {} to {}",
                            other.from.get_ref(),
                            other.to.get_ref()
                        ))
                        .help("make them one, or end one where the other begins")
                }),
        );
    }
    found
}

/// What is wrong with the times of a correction, and what to do.
fn doubt(correction: &Correction, today: Date) -> Option<(&'static str, &'static str)> {
    let (from, to) = (
        correction.from.get_ref().second(),
        correction.to.get_ref().second(),
    );
    let last_day = u64::try_from(to.div_euclid(DAY)).unwrap_or(0);
    if to <= from {
        return Some((
            "ends before it begins",
            "write down when it ended: `to = …`",
        ));
    }
    if Date::after_epoch(last_day) > today {
        return Some((
            "is about the future",
            "what is to come can't be known; write it down when it is over",
        ));
    }
    let is_long = to - from > LONGEST;
    is_long.then_some((
        "is longer than a week",
        "name the stretches in which nothing was told, or mend the SLI",
    ))
}

fn overlap(one: &Correction, other: &Correction) -> bool {
    one.from.get_ref() < other.to.get_ref() && other.from.get_ref() < one.to.get_ref()
}

/// True if some SLO is corrected by both.
fn both_cover(subject: &Subject<'_>, one: &Correction, other: &Correction) -> bool {
    subject.service.slos.iter().any(|slo| {
        let covers = |which: &Correction| {
            subject
                .corrections(slo)
                .any(|correction| std::ptr::eq(correction, which))
        };
        covers(one) && covers(other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::manifest::ManifestFile;
    use std::path::Path;

    #[test]
    fn times_are_doubted_each_for_its_reason() {
        let today = "2026-06-01".parse().unwrap();
        let doubt = |from: &str, to: &str| {
            let text = format!("[[correction]]\nfrom = {from}\nto = {to}\n");
            let file = ManifestFile::parse(Path::new("slo.toml"), text).unwrap();
            doubt(&file.facts.correction[0], today).map(|(what, _)| what)
        };
        let ends = Some("ends before it begins");
        assert_eq!(doubt("2026-05-30T09:00:00Z", "2026-05-30T09:00:00Z"), ends);
        assert_eq!(
            doubt("2026-05-30T09:00:00Z", "2026-05-30T09:30:00+01:00"),
            ends
        );
        assert_eq!(doubt("2026-05-30T09:00:00Z", "2026-05-30T09:00:01Z"), None);
        let future = Some("is about the future");
        assert_eq!(
            doubt("2026-05-30T09:00:00Z", "2026-06-02T00:00:00Z"),
            future
        );
        assert_eq!(doubt("2026-05-30T09:00:00Z", "2026-06-01T23:59:59Z"), None);
        let long = Some("is longer than a week");
        assert_eq!(doubt("2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z"), None);
        assert_eq!(doubt("2026-05-01T00:00:00Z", "2026-05-08T00:00:01Z"), long);
    }
}
