//! What the budget is worth.

use super::subject::{About, head, named, section as empty};
use crate::{
    definition::{Sli, Slo},
    document::{
        model::{Block, Column, Line, Section, State, Table},
        numbers::grouped,
        text::fill,
    },
    fleet::worth::Worth,
    input::manifest::Value,
    text::numbers,
};
use slo_model::{Decimal, Target, Window};
use toml::Spanned;

/// What is lost is told for as long as a month is in windows.
const MONTH: Window = Window::days(30);

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.worth;
    let mut section = empty("worth", texts.heading);
    let rows: Vec<_> = about
        .service()
        .slos
        .iter()
        // What is late is seldom lost, so the value is that of what fails.
        .filter(|slo| slo.sli == Sli::Availability)
        .filter_map(|slo| {
            let part = Spanned::new(0..0, slo.identity.part());
            let value = about.facts()?.value.get(&part)?;
            Some(row(about, slo, value.get_ref()))
        })
        .collect();
    if rows.is_empty() {
        section
            .blocks
            .push(Block::Remark(match about.known.subject.is_worth_known() {
                true => fill(texts.none, &[]),
                false => Line::text(about.texts.overview.not_known_here),
            }));
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(Line::text(texts.intro)));
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.slo, Column::Words),
            (texts.per_event, Column::Numbers),
            (texts.at_stake, Column::Numbers),
            (texts.budget, Column::Numbers),
            (texts.tolerable, Column::Numbers),
            (texts.verdict, Column::Words),
        ]),
        rows,
    }));
    section
}

/// An amount of money.
fn money(about: &About<'_>, number: String, currency: &str) -> Line {
    let text = match currency {
        "JPY" => about.texts.worth.yen,
        _ => about.texts.worth.money,
    };
    let places = [
        ("amount", Line::text(number)),
        ("currency", Line::text(currency.to_owned())),
    ];
    fill(text, &places)
}

/// An amount per minute as one per month.
fn monthly(about: &About<'_>, per_minute: Decimal, currency: &str) -> Line {
    let minutes = Decimal::new(MONTH.length_minutes().into(), 1);
    money(about, numbers::money(per_minute.times(minutes)), currency)
}

/// What the error budget of a target costs when it is spent, by whether that is tolerable, and what is
/// tolerable.
pub(super) fn loss(about: &About<'_>, slo: &Slo, target: Target) -> Option<(Line, Line)> {
    let texts = &about.texts.approval;
    let worth = Worth::new(about.known.subject, slo)?;
    let currency = &worth.value.per_event.currency;
    let budget = worth.at_stake.times(target.budget());
    let loss = monthly(about, budget, currency);
    let tolerable = worth.value.tolerable_loss.as_ref();
    let Some(tolerable) = tolerable.filter(|tolerable| tolerable.currency == *currency) else {
        return Some((loss, Line::default()));
    };
    let (state, text) = match tolerable.per_minute.is_less_than(budget) {
        true => (State::Bad, texts.loss_above),
        false => (State::Good, texts.loss_within),
    };
    let tolerable = monthly(about, tolerable.per_minute, currency);
    let loss = Line::state(state, loss.plain());
    Some((loss, fill(text, &[("tolerable", tolerable)])))
}

fn row(about: &About<'_>, slo: &Slo, value: &Value) -> Vec<Line> {
    let texts = &about.texts.worth;
    let currency = &value.per_event.currency;
    let traffic = about.known.subject.traffic(slo);
    let at_stake =
        traffic.map(|expected| expected.traffic.per_minute().times(value.per_event.amount));
    let budget = at_stake.map(|at_stake| at_stake.times(slo.target.budget()));
    let told = |per_minute: Option<Decimal>| match per_minute {
        Some(per_minute) => monthly(about, per_minute, currency),
        None => Line::text(texts.no_traffic),
    };
    let tolerable = value.tolerable_loss.as_ref();
    let verdict = match (budget, tolerable) {
        (_, Some(tolerable)) if tolerable.currency != *currency => {
            Line::state(State::Open, texts.currencies)
        }
        (Some(budget), Some(tolerable)) => match tolerable.per_minute.is_less_than(budget) {
            true => Line::state(State::Bad, texts.above),
            false => Line::state(State::Good, texts.within),
        },
        (None, _) => Line::state(State::Open, texts.no_traffic),
        (_, None) => Line::state(State::Open, texts.not_said),
    };
    vec![
        named(slo),
        money(about, grouped(value.per_event.amount), currency),
        told(at_stake),
        told(budget),
        match tolerable {
            Some(tolerable) => monthly(about, tolerable.per_minute, &tolerable.currency),
            None => Line::text(texts.not_said),
        },
        verdict,
    ]
}
