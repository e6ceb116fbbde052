//! One page of a journey.

use super::{asked, budget, outage, targets};
use crate::{
    definition::{Journey, Sli, Slo},
    document::{
        model::{Block, Line, Section},
        sections::{
            journeys,
            subject::{About, named, section as empty, written},
        },
        text::fill,
    },
};

/// The first part of the document.
pub(in crate::document::sections) fn part(about: &About<'_>) -> Section {
    let texts = &about.texts.approval;
    let mut part = empty("approve", texts.approve);
    let journeys = about.service().journeys.iter();
    part.sections = journeys
        .filter_map(|journey| sheet(about, journey))
        .collect();
    part.blocks.push(match part.sections.is_empty() {
        true => Block::Remark(Line::text(texts.none)),
        false => Block::Paragraph(Line::text(texts.approve_intro)),
    });
    part
}

/// The page of a journey that has SLOs.
fn sheet(about: &About<'_>, journey: &Journey) -> Option<Section> {
    let name = &journey.record.name;
    let slos = about.service().slos.iter();
    let all: Vec<&Slo> = slos.filter(|slo| slo.identity.journey == *name).collect();
    let (own, of_steps): (Vec<&Slo>, Vec<&Slo>) = all
        .into_iter()
        .partition(|slo| slo.identity.endpoint.is_none());
    // Where only steps have SLOs, these are what is promised.
    let (slos, further) = match own.is_empty() {
        true => (of_steps, Vec::new()),
        false => (own, of_steps),
    };
    let first = slos.iter().find(|slo| slo.sli == Sli::Availability);
    let first = first.or_else(|| slos.first()).copied()?;
    let mut section = Section {
        is_sheet: true,
        ..empty(&format!("approve/{name}"), "")
    };
    let title = [("title", journeys::title(about, journey))];
    section.title = fill(about.texts.approval.sheet, &title);
    let blocks = &mut section.blocks;
    blocks.push(Block::Facts(facts(about, journey)));
    blocks.push(Block::Table(targets::table(about, &slos)));
    if !further.is_empty() {
        let names = about.listed(further.iter().map(|slo| named(slo)));
        let texts = &about.texts.approval;
        blocks.push(Block::Paragraph(fill(texts.steps_too, &[("slos", names)])));
    }
    blocks.push(Block::Asked(
        Line::text(about.texts.approval.asked),
        asked::points(about, journey, &slos),
    ));
    if first.sli == Sli::Availability {
        blocks.push(Block::Picture(budget::calendar(about, first)));
        blocks.push(Block::Paragraph(budget::same_as(about, first)));
    }
    blocks.push(Block::Table(budget::choices(about, first)));
    if first.sli == Sli::Availability {
        blocks.push(Block::Table(outage::table(about, first)));
    }
    Some(section)
}

fn facts(about: &About<'_>, journey: &Journey) -> Vec<(Line, Line)> {
    let texts = &about.texts.approval;
    let of_journeys = &about.texts.journeys;
    let missing = || Line::text(of_journeys.missing);
    let said = journeys::facts_of(about, &journey.record.name);
    let service = about
        .facts()
        .and_then(|facts| about.said(facts.description.as_ref()?));
    let name = Line::code(&about.service().name);
    let service = match service {
        Some(service) => name.and(Line::text(about.texts.colon)).and(service),
        None => name,
    };
    let mut users: Vec<Line> = journeys::user(about, journey).into_iter().collect();
    users.extend(asked::units(about, journey).map(|unit| unit.title()));
    let reason = said.and_then(|said| about.said(said.reason.as_ref()?));
    let mut facts = vec![
        (texts.service, service),
        (
            texts.used_by,
            match users.is_empty() {
                true => missing(),
                false => about.listed(users),
            },
        ),
        (
            of_journeys.when_it_fails,
            journeys::noticed(about, &journey.record.name).unwrap_or_else(missing),
        ),
        (
            texts.reason,
            reason.unwrap_or_else(|| about.absent(texts.reason_missing)),
        ),
        (of_journeys.owner, journeys::owner(about, journey)),
        (texts.uncounted, Line::text(about.texts.uncounted.summary)),
    ];
    if let Some(about_it) = written(&journey.record.description) {
        facts.insert(1, (of_journeys.about, about_it));
    }
    let facts = facts.into_iter();
    facts.map(|(name, line)| (Line::text(name), line)).collect()
}
