//! Who said what about which target, and whether it still holds.

use super::{
    findings,
    subject::{About, head, named, section as empty, written},
};
use crate::{
    definition::{Slo, value_hash},
    document::{
        model::{Block, Column, Line, Section, State, Table},
        text::fill,
    },
    input::manifest::{Review, Verdict},
    rules::{approval_void::last_words, fleet::slo_name},
};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.reviews;
    let mut section = empty("reviews", texts.heading);
    section
        .blocks
        .push(Block::Paragraph(Line::text(texts.intro)));
    let slos = &about.service().slos;
    if !slos.is_empty() {
        section.blocks.push(Block::Table(table(about, slos)));
        section
            .blocks
            .push(Block::Paragraph(match about.known.today {
                Some(day) => {
                    let day = Line::text(about.texts.date(&day.to_string()));
                    fill(texts.judged, &[("day", day)])
                }
                None => fill(texts.not_judged, &[]),
            }));
        section.blocks.push(Block::Table(hashes(about, slos)));
    }
    section.sections.extend(exceptions(about));
    section.sections.push(findings::section(about));
    section
}

/// The last review of a kind.
fn last<'a>(about: &About<'a>, slo: &Slo, verdict: Verdict) -> Option<&'a Review> {
    let reviews = about.facts().map_or(&[][..], |facts| &facts.review);
    let mut last = last_words(reviews, &slo_name(slo)).into_iter();
    last.find(|review| review.verdict == verdict)
}

/// Whether those who run the service and those who use it both approved the value there is.
pub(super) fn is_approved(about: &About<'_>, slo: &Slo) -> bool {
    let hash = value_hash(slo);
    [Verdict::Achievable, Verdict::Satisfying]
        .into_iter()
        .all(|verdict| last(about, slo, verdict).is_some_and(|review| *review.of.get_ref() == hash))
}

fn table(about: &About<'_>, slos: &[Slo]) -> Table {
    let texts = &about.texts.reviews;
    let questions = [Verdict::Achievable, Verdict::Satisfying];
    let rows = slos
        .iter()
        .flat_map(|slo| questions.map(|verdict| row(about, slo, verdict)));
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.slo, Column::Words),
            (texts.question, Column::Short),
            (texts.state, Column::Words),
            (texts.by, Column::Words),
            (texts.date, Column::Short),
            (texts.next, Column::Short),
        ]),
        rows: rows.collect(),
    }
}

fn row(about: &About<'_>, slo: &Slo, verdict: Verdict) -> Vec<Line> {
    let texts = &about.texts.reviews;
    let question = Line::text(match verdict {
        Verdict::Achievable => texts.achievable,
        Verdict::Satisfying => texts.satisfying,
    });
    let Some(review) = last(about, slo, verdict) else {
        let missing = Line::state(State::Open, texts.missing);
        let nothing = || Line::text(about.texts.history.absent);
        return vec![
            named(slo),
            question,
            missing,
            nothing(),
            nothing(),
            nothing(),
        ];
    };
    let date = |date: String| Line::text(about.texts.date(&date));
    vec![
        named(slo),
        question,
        state(about, slo, review),
        Line::said(&review.by),
        date(review.date.to_string()),
        date(review.repeated().to_string()),
    ]
}

fn state(about: &About<'_>, slo: &Slo, review: &Review) -> Line {
    let texts = &about.texts.reviews;
    let (before, now) = (review.of.get_ref(), value_hash(slo));
    if *before != now {
        let hashes = [("before", Line::code(before)), ("now", Line::code(&now))];
        let void = Line::state(State::Bad, texts.void);
        return Line::join([void, fill(texts.void_text, &hashes)], about.texts.comma);
    }
    let late = about
        .known
        .today
        .map_or(0, |today| today.days_since(review.repeated()));
    match late {
        0 => Line::state(State::Good, texts.approved),
        days => {
            let days = about.texts.units.days.with(&days.to_string(), days == 1);
            let overdue = fill(texts.overdue, &[("days", Line::text(days))]);
            Line::state(State::Bad, overdue.plain())
        }
    }
}

fn hashes(about: &About<'_>, slos: &[Slo]) -> Table {
    let texts = &about.texts.reviews;
    let rows = slos
        .iter()
        .map(|slo| vec![Line::code(&slo_name(slo)), Line::code(&value_hash(slo))]);
    Table {
        caption: fill(texts.value, &[]),
        head: head(&[(texts.slo, Column::Words), (texts.value_now, Column::Words)]),
        rows: rows.collect(),
    }
}

fn exceptions(about: &About<'_>) -> Option<Section> {
    let texts = &about.texts.reviews;
    let exceptions = about.facts().map_or(&[][..], |facts| &facts.exception);
    if exceptions.is_empty() {
        return None;
    }
    let mut section = empty("exceptions", texts.exceptions);
    section
        .blocks
        .push(Block::Paragraph(fill(texts.exceptions_intro, &[])));
    let rows = exceptions.iter().map(|exception| {
        vec![
            Line::code(exception.rule.get_ref()),
            match &exception.on {
                Some(on) => Line::code(on.get_ref()),
                None => Line::text(texts.everything),
            },
            exception
                .reason
                .as_deref()
                .and_then(written)
                .unwrap_or_else(|| Line::state(State::Bad, texts.no_reason)),
        ]
    });
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.exceptions),
        head: head(&[
            (texts.rule, Column::Words),
            (texts.on, Column::Words),
            (texts.reason, Column::Words),
        ]),
        rows: rows.collect(),
    }));
    Some(section)
}
