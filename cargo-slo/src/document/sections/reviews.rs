//! Who said what about which target, and whether it still holds.

use super::{
    former, overview,
    subject::{About, head, named, section as empty, written},
};
use crate::{
    definition::{Slo, value_hash},
    document::{
        model::{Block, Column, Line, Section, State, Table},
        text::fill,
    },
    fleet::reviews::last_words,
    input::{
        manifest::{Review, Verdict},
        values::Date,
    },
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
    }
    section.sections.extend(exceptions(about));
    section
}

/// The last review of a kind.
pub(super) fn last<'a>(about: &About<'a>, slo: &Slo, verdict: Verdict) -> Option<&'a Review> {
    let reviews = about.facts().map_or(&[][..], |facts| &facts.review);
    let mut last = last_words(reviews, &slo.identity.name_in_service()).into_iter();
    last.find(|review| review.verdict == verdict)
}

/// How a review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It approves the value there is.
    Holds,
    /// There is none.
    Missing,
    /// It was to be repeated so many days ago.
    Late(u64),
    /// It approved another value.
    Void,
}

/// How the last review of a kind stands.
pub(super) fn standing(about: &About<'_>, slo: &Slo, verdict: Verdict) -> Standing {
    let Some(review) = last(about, slo, verdict) else {
        return Standing::Missing;
    };
    if *review.of.get_ref() != value_hash(slo) {
        return Standing::Void;
    }
    let today = about.known.today;
    match today.map_or(0, |today| today.days_since(review.repeated())) {
        0 => Standing::Holds,
        days => Standing::Late(days),
    }
}

/// Whether those who run the service and those who use it approved the value there is: the worse
/// of both, in a word.
pub(super) fn approval(about: &About<'_>, slo: &Slo) -> Line {
    let texts = &about.texts.reviews;
    let both = [Verdict::Achievable, Verdict::Satisfying];
    match both
        .map(|verdict| standing(about, slo, verdict))
        .into_iter()
        .max()
    {
        Some(Standing::Void) => Line::state(State::Bad, texts.void),
        Some(Standing::Late(_)) => Line::state(State::Bad, texts.late),
        Some(Standing::Holds) => Line::state(State::Good, texts.both),
        Some(Standing::Missing) | None => Line::state(State::Open, texts.some),
    }
}

fn table(about: &About<'_>, slos: &[Slo]) -> Table {
    let texts = &about.texts.reviews;
    let rows = slos.iter().map(|slo| {
        let [achievable, satisfying] =
            [Verdict::Achievable, Verdict::Satisfying].map(|verdict| word(about, slo, verdict));
        vec![named(slo), achievable, satisfying, codes(about, slo)]
    });
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.slo, Column::Words),
            (texts.achievable, Column::Words),
            (texts.satisfying, Column::Words),
            (texts.value_now, Column::Words),
        ]),
        rows: rows.collect(),
    }
}

/// What an approval of the present value holds, and those that void ones held.
fn codes(about: &About<'_>, slo: &Slo) -> Line {
    let now = value_hash(slo);
    let both = [Verdict::Achievable, Verdict::Satisfying];
    let approved = both.iter().filter_map(|verdict| last(about, slo, *verdict));
    let mut void: Vec<_> = approved.map(|review| review.of.get_ref()).collect();
    void.retain(|of| **of != now);
    void.dedup();
    let void = about.listed(void.into_iter().map(|of| Line::code(of)));
    match void.is_empty() {
        true => Line::code(&now),
        false => fill(
            about.texts.reviews.codes,
            &[("now", Line::code(&now)), ("before", void)],
        ),
    }
}

/// What was said last, whether it still holds, by whom, and until when.
fn word(about: &About<'_>, slo: &Slo, verdict: Verdict) -> Line {
    let texts = &about.texts.reviews;
    let Some(review) = last(about, slo, verdict) else {
        return Line::state(State::Open, about.absent(texts.missing).plain());
    };
    let date = |date: Date| Line::text(about.texts.date(&date.to_string()));
    let said = fill(
        texts.said,
        &[
            ("by", Line::said(&review.by)),
            ("date", date(review.date)),
            ("next", date(review.repeated())),
        ],
    );
    state(about, slo, review).and(said)
}

fn state(about: &About<'_>, slo: &Slo, review: &Review) -> Line {
    let texts = &about.texts.reviews;
    match standing(about, slo, review.verdict) {
        Standing::Holds | Standing::Missing => Line::state(State::Good, texts.approved),
        Standing::Late(days) => {
            let days = about.texts.units.days.with(&days.to_string(), days == 1);
            let overdue = fill(texts.overdue, &[("days", Line::text(days))]);
            Line::state(State::Bad, overdue.plain())
        }
        Standing::Void => {
            let changed = match former::approved(about, slo, review.of.get_ref()) {
                Some(before) => fill(
                    texts.void_text,
                    &[
                        ("before", overview::promise(about, &before)),
                        ("now", overview::promise(about, slo)),
                    ],
                ),
                None => fill(texts.void_unknown, &[]),
            };
            Line::state(State::Bad, texts.void).and(changed)
        }
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
