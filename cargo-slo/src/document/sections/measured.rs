//! What was counted: which endpoints are measured, and what no annotation covers.

use super::{
    overview::count,
    subject::{About, head, section as empty},
};
use crate::{
    document::{
        model::{Block, Column, Line, Section, State as Sign, Table},
        text::fill,
    },
    fleet::{
        layers::{Measured, State},
        uncovered::{Route, Traffic},
    },
    input::history::History,
    text::numbers::grouped,
};

/// So many routes are shown.
const SHOWN: usize = 20;

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.measured;
    let mut section = empty("measured", texts.heading);
    let known = about.known.subject;
    let (Some(history), Some(measured), Some(traffic)) =
        (known.history, known.measured_endpoints(), known.uncovered())
    else {
        let missing = match known.history {
            None => texts.without_history,
            Some(_) => texts.not_in_history,
        };
        section.blocks.push(Block::Paragraph(fill(missing, &[])));
        return section;
    };
    section
        .blocks
        .push(Block::Paragraph(period(about, history)));
    if let Some(endpoints) = not_measured(about, &measured) {
        let remark = fill(texts.remark, &[("endpoints", endpoints)]);
        section.blocks.push(Block::Remark(remark));
    }
    section
        .blocks
        .push(Block::Table(endpoints(about, &measured)));
    section.sections.push(not_annotated(about, &traffic));
    section
}

/// In a line, whether the service is measured, for who reads no further.
pub(super) fn at_a_glance(about: &About<'_>) -> Line {
    let texts = &about.texts.measured;
    let (Some(history), Some(measured)) = (
        about.known.subject.history,
        about.known.subject.measured_endpoints(),
    ) else {
        return Line::state(Sign::Open, texts.unknown);
    };
    match not_measured(about, &measured) {
        Some(endpoints) => Line::state(Sign::Bad, texts.not)
            .and(Line::text(about.texts.colon))
            .and(endpoints),
        None if measured.iter().all(|one| one.events == 0) => Line::state(Sign::Open, texts.idle),
        None => Line::state(Sign::Good, texts.whole)
            .and(Line::text(about.texts.colon))
            .and(period(about, history)),
    }
}

fn period(about: &About<'_>, history: &History) -> Line {
    let days = history.days(&about.service().name);
    let days = about
        .texts
        .units
        .days
        .with(&grouped(days.into()), days == 1);
    let until = Line::text(about.texts.date(&history.until));
    let lines = [("days", Line::text(days)), ("until", until)];
    fill(about.texts.measured.period, &lines)
}

/// The endpoints of which no layer saw some answer, in a list.
fn not_measured(about: &About<'_>, measured: &[Measured<'_>]) -> Option<Line> {
    let unseen = measured.iter().filter(|one| one.unseen > 0);
    let names: Vec<_> = unseen.map(|one| Line::code(&name(one))).collect();
    (!names.is_empty()).then(|| about.listed(names))
}

fn name(measured: &Measured<'_>) -> String {
    let record = measured.endpoint;
    format!("{}/{}", record.journey.name, record.name)
}

fn endpoints(about: &About<'_>, measured: &[Measured<'_>]) -> Table {
    let texts = &about.texts.measured;
    let rows = measured.iter().map(|one| {
        let state = match one.state() {
            State::Whole => Line::state(Sign::Good, texts.whole),
            State::Idle => Line::state(Sign::Open, texts.idle),
            State::Not => Line::state(Sign::Bad, texts.not),
            State::InPart => Line::state(Sign::Bad, texts.in_part),
        };
        vec![
            Line::code(&name(one)),
            state,
            Line::text(grouped(one.events)),
            Line::text(grouped(one.unseen)),
        ]
    });
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.endpoint, Column::Words),
            (texts.state, Column::Short),
            (texts.events, Column::Numbers),
            (texts.unseen, Column::Numbers),
        ]),
        rows: rows.collect(),
    }
}

fn not_annotated(about: &About<'_>, traffic: &Traffic<'_>) -> Section {
    let texts = &about.texts.measured;
    let mut section = empty("measured/not-annotated", texts.not_annotated);
    let number = |n: u64| Line::text(texts.requests.with(&grouped(n), n == 1));
    let mut text = match traffic.routes.is_empty() {
        true => Line::text(texts.not_annotated_none),
        false => fill(
            texts.not_annotated_text,
            &[
                ("requests", number(traffic.valid())),
                (
                    "failures",
                    match traffic.failed() {
                        Some(n) => {
                            let count = texts.failures.with(&grouped(n), n == 1);
                            at_least(about, count, traffic.is_least())
                        }
                        None => Line::text(texts.failures_unknown),
                    },
                ),
            ],
        ),
    };
    if traffic.unmatched > 0 {
        let unmatched = fill(texts.unmatched, &[("requests", number(traffic.unmatched))]);
        text = text.and(unmatched);
    }
    section.blocks.push(Block::Paragraph(text));
    if !traffic.routes.is_empty() {
        section.blocks.push(Block::Table(routes(about, traffic)));
        let more = traffic.routes.len().saturating_sub(SHOWN);
        if more > 0 {
            let more = count(&texts.more_routes, more);
            section.blocks.push(Block::Paragraph(Line::text(more)));
        }
    }
    section
}

/// A count, of which there may be more that nobody counted.
fn at_least(about: &About<'_>, count: String, is_least: bool) -> Line {
    let count = Line::text(count);
    match is_least {
        true => fill(about.texts.measured.least, &[("count", count)]),
        false => count,
    }
}

fn routes(about: &About<'_>, traffic: &Traffic<'_>) -> Table {
    let texts = &about.texts.measured;
    let row = |route: &Route<'_>| {
        vec![
            match route.name {
                Some(name) => Line::code(name),
                None => Line::text(texts.other_routes),
            },
            Line::text(grouped(route.valid)),
            match route.failed {
                Some(failed) => at_least(about, grouped(failed), route.is_least),
                None => Line::text(texts.unknown),
            },
        ]
    };
    Table {
        caption: Line::text(texts.routes_caption),
        head: head(&[
            (texts.route, Column::Words),
            (texts.request_count, Column::Numbers),
            (texts.failed, Column::Numbers),
        ]),
        rows: traffic.routes.iter().take(SHOWN).map(row).collect(),
    }
}
