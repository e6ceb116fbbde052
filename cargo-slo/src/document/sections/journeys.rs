//! The journeys: who walks them, in which steps, and what is promised.

use super::{
    objective,
    subject::{About, head, section as empty, written},
};
use crate::{
    definition::Journey,
    document::{
        model::{Block, Column, Line, Section, State, Table},
        text::fill,
    },
    input::manifest::JourneyFacts,
};
use slo_model::{Per, Until, record::EndpointRecord};
use toml::Spanned;

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.journeys;
    let mut all = empty("journeys", texts.heading);
    all.blocks.push(Block::Paragraph(Line::text(texts.intro)));
    let journeys = about.service().journeys.iter();
    all.sections = journeys.map(|journey| of_journey(about, journey)).collect();
    all
}

fn of_journey(about: &About<'_>, journey: &Journey) -> Section {
    let record = &journey.record;
    let slos = about.service().slos.iter();
    Section {
        id: format!("journey/{}", record.name),
        title: title(about, journey),
        blocks: vec![
            Block::Facts(facts(about, journey)),
            Block::Table(steps(about, &record.name)),
        ],
        sections: slos
            .filter(|slo| slo.identity.journey == record.name)
            .map(|slo| objective::section(about, slo))
            .collect(),
        is_sheet: false,
    }
}

/// What `slo.toml` says about a journey.
pub(super) fn facts_of<'a>(about: &About<'a>, journey: &str) -> Option<&'a JourneyFacts> {
    let said = &about.facts()?.journey;
    said.get(&Spanned::new(0..0, journey.to_owned()))
}

/// What a journey is called.
pub(super) fn title(about: &About<'_>, journey: &Journey) -> Line {
    let record = &journey.record;
    let said = facts_of(about, &record.name);
    said.and_then(|said| about.said(said.title.as_ref()?))
        .or_else(|| written(&record.title))
        .unwrap_or_else(|| Line::code(&record.name))
}

/// Who uses it.
pub(super) fn user(about: &About<'_>, journey: &Journey) -> Option<Line> {
    let said = facts_of(about, &journey.record.name);
    said.and_then(|said| about.said(said.user.as_ref()?))
        .or_else(|| written(&journey.record.user))
}

/// Who answers for it.
pub(super) fn owner(about: &About<'_>, journey: &Journey) -> Line {
    let missing = || about.absent(about.texts.journeys.missing).plain();
    written(&journey.record.owner)
        .or_else(|| written(about.facts()?.owner.as_deref()?))
        .unwrap_or_else(|| Line::state(State::Open, missing()))
}

fn facts(about: &About<'_>, journey: &Journey) -> Vec<(Line, Line)> {
    let texts = &about.texts.journeys;
    let record = &journey.record;
    let missing = || Line::state(State::Open, texts.missing);
    let mut facts = vec![
        (Line::text(texts.name), Line::code(&record.name)),
        (
            Line::text(texts.user),
            user(about, journey).unwrap_or_else(missing),
        ),
        (Line::text(texts.owner), owner(about, journey)),
    ];
    if let Some(about) = written(&record.description) {
        facts.push((Line::text(texts.about), about));
    }
    if let Some(noticed) = noticed(about, &record.name) {
        facts.push((Line::text(texts.when_it_fails), noticed));
    }
    if !record.runbook.trim().is_empty() {
        facts.push((Line::text(texts.runbook), Line::page(&record.runbook)));
    }
    facts
}

/// What the user notices when the journey fails.
pub(super) fn noticed(about: &About<'_>, journey: &str) -> Option<Line> {
    about.said(facts_of(about, journey)?.when_it_fails.as_ref()?)
}

fn steps(about: &About<'_>, journey: &str) -> Table {
    let texts = &about.texts.journeys;
    let rows = about.service().endpoints_of(journey).map(|endpoint| {
        vec![
            Line::code(&endpoint.name),
            match &endpoint.route {
                Some(route) => Line::code(route),
                None => Line::text(texts.no_route),
            },
            counted(about, endpoint),
            remarks(about, endpoint),
        ]
    });
    let mut table = Table {
        caption: Line::text(texts.steps),
        head: head(&[
            (texts.step, Column::Words),
            (texts.route, Column::Words),
            (texts.counted, Column::Words),
            (texts.remarks, Column::Words),
        ]),
        rows: rows.collect(),
    };
    // Most steps need no remark.
    if table
        .rows
        .iter()
        .all(|row| row.last().is_some_and(Line::is_empty))
    {
        table.head.pop();
        for row in &mut table.rows {
            row.pop();
        }
    }
    table
}

/// What an endpoint is, as far as a reader is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It answers HTTP requests.
    Http,
    /// It answers gRPC calls.
    Grpc,
    /// It is run, now and then.
    Job,
    /// It is called by something of its own process.
    Call,
    /// Anything else that happens.
    Event,
}

pub(super) fn kind(endpoint: &EndpointRecord) -> Kind {
    match &endpoint.route {
        _ if endpoint.every.is_some() => Kind::Job,
        _ if endpoint.per == Per::Call => Kind::Call,
        // A route without a method is the path of a gRPC method.
        Some(route) if route.starts_with('/') => Kind::Grpc,
        Some(_) => Kind::Http,
        None => Kind::Event,
    }
}

fn counted(about: &About<'_>, endpoint: &EndpointRecord) -> Line {
    let texts = &about.texts.journeys;
    match (kind(endpoint), endpoint.every) {
        (Kind::Job, Some(every)) => fill(
            texts.job,
            &[("every", Line::text(about.texts.duration(every)))],
        ),
        (Kind::Http, _) => Line::text(texts.request),
        (Kind::Grpc, _) => Line::text(texts.grpc),
        (Kind::Call, _) => Line::text(texts.call),
        (Kind::Event | Kind::Job, _) => Line::text(texts.event),
    }
}

fn remarks(about: &About<'_>, endpoint: &EndpointRecord) -> Line {
    let texts = &about.texts.journeys;
    let codes =
        |codes: &[u16]| about.listed(codes.iter().map(|code| Line::code(&code.to_string())));
    let mut remarks: Vec<Line> = written(&endpoint.description).into_iter().collect();
    if endpoint.until == Until::Headers {
        remarks.push(Line::text(texts.until_headers));
    }
    for (text, list) in [
        (texts.good_status, &endpoint.good_status),
        (texts.bad_status, &endpoint.bad_status),
    ] {
        if !list.is_empty() {
            remarks.push(fill(text, &[("codes", codes(list))]));
        }
    }
    Line::join(remarks, about.texts.semicolon)
}
