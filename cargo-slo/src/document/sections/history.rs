//! What was different before.

use super::subject::{About, head, section as empty};
use crate::document::{
    changes::{Change, History},
    model::{Block, Column, Line, Section, Table},
    text::fill,
};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.history;
    let mut section = empty("history", texts.heading);
    let only = |text| vec![Block::Paragraph(fill(text, &[]))];
    section.blocks = match about.known.history {
        History::LeftOut => only(texts.left_out),
        History::NothingKept => only(texts.nothing_kept),
        History::NoRepository => only(texts.no_repository),
        History::Known(changes) if changes.is_empty() => only(texts.unchanged),
        History::Known(changes) => told(about, changes),
    };
    section
}

fn told(about: &About<'_>, changes: &[Change]) -> Vec<Block> {
    let texts = &about.texts.history;
    let files = about.listed([Line::code("slo.toml"), Line::code("*.slo.json")]);
    let mut blocks = vec![Block::Paragraph(fill(texts.intro, &[("files", files)]))];
    if changes.iter().any(|change| change.by.is_none()) {
        blocks.push(Block::Paragraph(Line::text(texts.settled)));
    }
    let value = |value: &Option<String>| match value {
        Some(value) => Line::code(value),
        None => Line::text(texts.absent),
    };
    let rows = changes.iter().map(|change| {
        let (when, who, commit) = match &change.by {
            Some(by) => (
                Line::text(about.texts.date(&by.date)),
                Line::said(&by.name),
                Line::code(&by.commit),
            ),
            None => {
                let absent = || Line::text(texts.absent);
                (Line::text(texts.present), absent(), absent())
            }
        };
        let (before, after) = (value(&change.before), value(&change.after));
        vec![Line::code(&change.what), before, after, when, who, commit]
    });
    blocks.push(Block::Table(Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.what, Column::Words),
            (texts.before, Column::Words),
            (texts.after, Column::Words),
            (texts.when, Column::Short),
            (texts.who, Column::Words),
            (texts.commit, Column::Short),
        ]),
        rows: rows.collect(),
    }));
    blocks
}
