//! What `cargo slo check` finds, counted.

use super::subject::{About, head, section as empty};
use crate::{
    diagnostics::Level,
    document::{
        model::{Block, Column, Line, Section, State, Table},
        text::fill,
    },
    rules,
    text::numbers::grouped,
};
use std::collections::BTreeMap;

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.reviews;
    let mut section = empty("findings", texts.findings);
    let mut found: BTreeMap<(u8, &str), (Level, u64)> = BTreeMap::new();
    for (rule, _) in rules::found(about.known.fleet, about.known.subject) {
        let (rule, level) = (rule.name, rule.level);
        // These depend on the day, which the document does not know.
        if about.known.today.is_none() && depends_on_day(about, rule) {
            continue;
        }
        found.entry((gravity(level), rule)).or_insert((level, 0)).1 += 1;
    }
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
    let rows = found.iter().map(|((_, rule), (level, count))| {
        let (state, word) = match level {
            Level::Error => (State::Bad, texts.error),
            Level::Warning => (State::Open, texts.warning),
            Level::Note => (State::Good, texts.note),
        };
        vec![
            Line::code(rule),
            Line::state(state, word),
            Line::text(grouped(*count)),
        ]
    });
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.findings),
        head: head(&[
            (texts.rule, Column::Words),
            (texts.level, Column::Short),
            (texts.count, Column::Numbers),
        ]),
        rows: rows.collect(),
    }));
    section
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
fn depends_on_day(about: &About<'_>, rule: &str) -> bool {
    let excepts = || {
        let mut exceptions = about.facts().into_iter().flat_map(|facts| &facts.exception);
        exceptions.any(|exception| exception.rule.get_ref() == "review-overdue")
    };
    rule == "review-overdue" || (rule == "unused-exception" && excepts())
}
