//! What `cargo slo check` finds, in the words of the reader.

use super::{
    Knowledge,
    subject::{About, head, section as empty},
};
use crate::{
    diagnostics::Level,
    document::{
        model::{Block, Column, Line, Section, State, Table},
        text::{fill, title},
    },
    rules::{self, Rule},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.reviews;
    let mut section = empty("findings", texts.findings);
    let found = about.found;
    if found.is_empty() {
        let none = match about.known.subject.history {
            None => texts.findings_none,
            Some(_) => texts.findings_none_measured,
        };
        section.blocks.push(Block::Paragraph(fill(none, &[])));
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(fill(texts.findings_intro, &[])));
    let rows = found.iter().map(|(rule, on)| {
        let (state, word) = match rule.level {
            Level::Error => (State::Bad, texts.error),
            Level::Warning => (State::Open, texts.warning),
            Level::Note => (State::Note, texts.note),
        };
        vec![
            title(rule, about.language),
            Line::state(state, word),
            about.listed(on.iter().map(|on| Line::code(on))),
            Line::code(rule.name),
        ]
    });
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.findings),
        head: head(&[
            (texts.finding, Column::Words),
            (texts.level, Column::Short),
            (texts.count, Column::Words),
            (texts.rule, Column::Short),
        ]),
        rows: rows.collect(),
    }));
    section
}

/// A rule, and what its findings are about.
pub(super) type Found = (&'static Rule, BTreeSet<String>);

/// What each rule finds, the gravest first, and what it is about.
pub(super) fn found(known: &Knowledge<'_>) -> Vec<Found> {
    let mut found: BTreeMap<(u8, &str), (&'static Rule, BTreeSet<String>)> = BTreeMap::new();
    for (rule, finding) in rules::found(known.fleet, known.subject) {
        // These depend on the day, which the document does not know.
        if known.today.is_none() && depends_on_day(known, rule.name) {
            continue;
        }
        let key = (gravity(rule.level), rule.name);
        found
            .entry(key)
            .or_insert((rule, BTreeSet::new()))
            .1
            .insert(finding.on);
    }
    found.into_values().collect()
}

fn gravity(level: Level) -> u8 {
    match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    }
}

/// Whether a rule finds something on some days only: that a review is overdue, and then that an
/// exception from that is of no use on the others.
fn depends_on_day(known: &Knowledge<'_>, rule: &str) -> bool {
    let excepts = || {
        let mut exceptions = known
            .subject
            .facts()
            .into_iter()
            .flat_map(|facts| &facts.exception);
        exceptions.any(|exception| exception.rule.get_ref() == "review-overdue")
    };
    rule == "review-overdue" || (rule == "unused-exception" && excepts())
}
