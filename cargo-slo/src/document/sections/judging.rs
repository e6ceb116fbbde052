//! How events are judged: the table of the run time, from the function that judges there.

use super::subject::{About, head, section as empty};
use crate::document::{
    model::{Block, Column, Line, Section, Table},
    text::{Texts, fill},
};
use slo_model::{Ending, Outcome, classify};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.judging;
    let mut section = empty("judging", texts.heading);
    section.blocks = vec![
        Block::Paragraph(Line::text(texts.intro)),
        Block::Table(table(about.texts)),
    ];
    let endpoints = &about.service().endpoints;
    if endpoints
        .iter()
        .any(|e| !e.good_status.is_empty() || !e.bad_status.is_empty())
    {
        section
            .blocks
            .push(Block::Paragraph(Line::text(texts.own_status)));
    }
    section
}

fn table(all: &Texts) -> Table {
    let texts = &all.judging;
    let rows = Ending::ALL.iter().copied().map(|ending| {
        let (early, late) = (classify(ending, false), classify(ending, true));
        vec![
            fill(texts.endings[ending.index()], &[]),
            outcome(all, early.availability, late.availability),
            outcome(all, early.latency, late.latency),
        ]
    });
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.ending, Column::Words),
            (texts.availability, Column::Words),
            (texts.latency, Column::Words),
        ]),
        rows: rows.collect(),
    }
}

fn outcome(all: &Texts, early: Outcome, late: Outcome) -> Line {
    let texts = &all.judging;
    let word = |outcome| match outcome {
        Outcome::Good => texts.good,
        Outcome::Bad => texts.bad,
        Outcome::Excluded => texts.excluded,
    };
    match early == late {
        true => Line::text(word(early)),
        false => fill(
            texts.in_time_else,
            &[
                ("early", Line::text(word(early))),
                ("late", Line::text(word(late))),
            ],
        ),
    }
}
