//! The error budget policy: what happens at which level of the budget.

use super::{
    journeys::{facts_of, title},
    subject::{About, head, section as empty, written},
};
use crate::{
    document::{
        model::{Block, Column, Drawing, Level, Line, Picture, Section, Table},
        text::{Texts, fill},
    },
    fleet::BudgetPolicy,
    input::manifest::{PolicyLevel, Spend, Then, UnspentBudget},
};
use slo_model::Decimal;

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.policy;
    let mut section = empty("policy", texts.heading);
    section
        .blocks
        .push(Block::Paragraph(Line::text(texts.intro)));
    section
        .blocks
        .extend(blocks(about, about.known.subject.policy));
    let of_their_own = about.service().journeys.iter().filter(|journey| {
        facts_of(about, &journey.record.name).is_some_and(|facts| facts.policy.is_some())
    });
    section.sections = of_their_own
        .map(|journey| Section {
            title: title(about, journey),
            blocks: blocks(about, about.known.subject.policy_of(&journey.record.name)),
            ..empty(&format!("policy/{}", journey.record.name), "")
        })
        .collect();
    section
}

/// What a policy says.
fn blocks(about: &About<'_>, policy: BudgetPolicy<'_>) -> Vec<Block> {
    let texts = &about.texts.policy;
    let mut blocks = Vec::new();
    match policy {
        BudgetPolicy::None => return vec![Block::Remark(about.absent(texts.none))],
        BudgetPolicy::Unknown(name) => {
            let name = [("name", Line::code(name))];
            return vec![Block::Remark(fill(texts.unknown, &name))];
        }
        BudgetPolicy::Named(name, policy) => {
            let named = fill(texts.named, &[("name", Line::code(name))]);
            let described = policy.description.as_deref().and_then(written);
            let lines = std::iter::once(named).chain(described);
            blocks.push(Block::Paragraph(Line::join(lines, " ")));
        }
        BudgetPolicy::Own(_) => {}
    }
    let levels = policy.levels();
    blocks.push(Block::Picture(picture(about, &levels)));
    let unspent = about.known.subject.unspent();
    blocks.push(Block::Table(table(about, &levels, unspent)));
    blocks
}

fn table(about: &About<'_>, levels: &[&PolicyLevel], unspent: Option<&UnspentBudget>) -> Table {
    let all = about.texts;
    let texts = &all.policy;
    let rows = levels.iter().map(|level| {
        vec![
            Line::text(left(all, level)),
            Line::text(then(all, level)),
            level
                .text
                .as_ref()
                .map(|text| about.localized(text))
                .unwrap_or_default(),
        ]
    });
    let rows = unspent
        .map(|unspent| row_of_unspent(about, unspent))
        .into_iter()
        .chain(rows);
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.left, Column::Words),
            (texts.then, Column::Words),
            (texts.details, Column::Words),
        ]),
        rows: rows.collect(),
    }
}

/// What happens when too much is left.
fn row_of_unspent(about: &About<'_>, unspent: &UnspentBudget) -> Vec<Line> {
    let texts = &about.texts.policy;
    let left = fill(
        texts.unspent,
        &[
            ("share", Line::text(unspent.left().to_string())),
            ("windows", Line::text(unspent.windows().to_string())),
        ],
    );
    let then = match unspent.then {
        Spend::Loosen => texts.loosen,
        Spend::Ship => texts.ship,
        Spend::Rehearse => texts.rehearse,
    };
    let details = unspent
        .text
        .as_ref()
        .map(|text| about.localized(text))
        .unwrap_or_default();
    vec![left, Line::text(then), details]
}

fn picture(about: &About<'_>, levels: &[&PolicyLevel]) -> Picture {
    let all = about.texts;
    let texts = &all.policy;
    let whole = Level {
        from: 10_000,
        left: "100%".to_owned(),
        then: texts.above.to_owned(),
        gravity: 0,
    };
    let parts = levels.iter().map(|level| Level {
        from: hundredths(level),
        left: share(level),
        then: match (level.then, &level.text) {
            // What is done stands in the text alone.
            (Then::Nothing, Some(text)) => about.localized(text).plain(),
            _ => word(then(all, level)),
        },
        gravity: match level.then {
            Then::Nothing | Then::Review => 1,
            Then::Freeze => 2,
        },
    });
    let mut parts: Vec<_> = parts.collect();
    if parts.first().is_none_or(|first| first.from < whole.from) {
        parts.insert(0, whole);
    }
    let described = parts.iter().map(|part| {
        fill(
            texts.picture_part,
            &[
                ("left", Line::text(part.left.clone())),
                ("then", Line::text(part.then.clone())),
            ],
        )
    });
    Picture {
        title: texts.picture.to_owned(),
        description: Line::join(described, all.comma).plain(),
        drawing: Drawing::Levels(parts),
    }
}

/// What happens at a level, in a few words and those of its text.
pub(super) fn words(about: &About<'_>, level: &PolicyLevel) -> Line {
    let text = level.text.as_ref().and_then(|text| about.said(text));
    let own = Line::text(word(then(about.texts, level)));
    match (level.then, text) {
        (Then::Nothing, Some(text)) => text,
        (_, Some(text)) => own.and(Line::text(about.texts.colon)).and(text),
        (_, None) => Line::text(then(about.texts, level)),
    }
}

/// The word before what it means.
fn word(text: &'static str) -> String {
    let end = text.find([':', '：']).unwrap_or(text.len());
    text[..end].to_owned()
}

fn left(all: &Texts, level: &PolicyLevel) -> String {
    match hundredths(level) {
        0 => all.policy.spent.to_owned(),
        _ => fill(all.policy.from, &[("share", Line::text(share(level)))]).plain(),
    }
}

fn share(level: &PolicyLevel) -> String {
    format!("{}%", level.left.get_ref().percent())
}

fn hundredths(level: &PolicyLevel) -> u32 {
    let percent = level.left.get_ref().percent();
    u32::try_from(percent.times(Decimal::new(100, 1)).floor()).unwrap_or(10_000)
}

fn then(all: &Texts, level: &PolicyLevel) -> &'static str {
    match level.then {
        Then::Freeze if level.blocks_participants() => all.policy.freeze_participants,
        Then::Nothing => all.policy.nothing,
        Then::Review => all.policy.review,
        Then::Freeze => all.policy.freeze,
    }
}
