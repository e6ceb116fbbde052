//! What was different before.

use super::{
    former::value_of,
    subject::{About, head, section as empty},
};
use crate::{
    document::{
        changes::{Change, History},
        model::{Block, Column, Line, Section, Table},
        text::{Texts, fill},
    },
    text::numbers::grouped,
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
        Some(value) => read(about, value),
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
        vec![named(about, &change.what), before, after, when, who, commit]
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

/// What changed: what a key of `slo.toml` says, in words where it is one that people decide about.
fn named(about: &About<'_>, what: &str) -> Line {
    let texts = &about.texts.history;
    let named = [
        ("traffic.", "", texts.traffic),
        ("journey.", ".when-it-fails", texts.when_it_fails),
        ("value.", ".per-event", texts.per_event),
        ("value.", ".tolerable-loss", texts.tolerable_loss),
    ];
    let found = named.into_iter().find_map(|(before, after, text)| {
        let name = what.strip_prefix(before)?.strip_suffix(after)?;
        Some(fill(text, &[("name", Line::code(name))]))
    });
    found.unwrap_or_else(|| Line::code(what))
}

/// A value: a target with its window, or traffic, as the rest of the document writes them.
fn read(about: &About<'_>, value: &str) -> Line {
    if let Some((promise, window)) = value_of(value) {
        let target = match promise.threshold {
            None => Texts::target(promise.target),
            Some(threshold) => format!(
                "{} < {}",
                Texts::target(promise.target),
                about.texts.duration(threshold)
            ),
        };
        let places = [
            ("target", Line::text(target)),
            ("window", Line::text(about.texts.window(window))),
        ];
        return fill(about.texts.journeys.target_text, &places);
    }
    rate(about, value).unwrap_or_else(|| Line::code(value))
}

/// So many events per unit of time, as `[traffic]` has them.
fn rate(about: &About<'_>, value: &str) -> Option<Line> {
    const UNITS: [&str; 7] = ["second", "minute", "hour", "day", "week", "month", "year"];
    let (count, unit) = value.split_once('/')?;
    let place = UNITS.iter().position(|known| *known == unit.trim())?;
    let count: u64 = count.trim().replace('_', "").parse().ok()?;
    let count = ("n", Line::text(grouped(count)));
    Some(fill(about.texts.history.rates[place], &[count]))
}
