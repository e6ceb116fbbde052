//! The service at a glance: what it is, whose it is, and all it promises.

use super::{
    measured, objective, reviews,
    subject::{About, head, named, section as empty, written},
};
use crate::{
    definition::{Sli, Slo},
    document::{
        model::{Block, Column, Line, Section, Table},
        text::{Counted, Texts, fill},
    },
    text::numbers::grouped,
};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.overview;
    let mut section = empty("overview", texts.heading);
    section.blocks.push(Block::Facts(facts(about)));
    section.blocks.push(match about.service().slos.is_empty() {
        true => Block::Remark(Line::text(texts.none)),
        false => Block::Table(all(about)),
    });
    section
}

fn facts(about: &About<'_>) -> Vec<(Line, Line)> {
    let texts = &about.texts.overview;
    let said = about.facts();
    let mut facts = Vec::new();
    let mut fact = |name: &'static str, line: Line| facts.push((Line::text(name), line));
    let what = said.and_then(|said| about.said(said.description.as_ref()?));
    fact(
        texts.what,
        what.unwrap_or_else(|| about.absent(texts.what_missing)),
    );
    let owner = said.and_then(|said| written(said.owner.as_deref()?));
    fact(
        texts.owner,
        owner
            .or_else(|| owners(about))
            .unwrap_or_else(|| about.absent(texts.owner_missing)),
    );
    if let Some(tier) = said.and_then(|said| said.tier.as_ref()) {
        let tiers = &about.known.subject.catalogue.tiers;
        let described = tiers.get(tier.get_ref());
        let described = described.and_then(|tier| written(tier.description.as_deref()?));
        let name = Line::code(tier.get_ref());
        fact(
            texts.tier,
            match described {
                Some(described) => name.and(Line::text(about.texts.colon)).and(described),
                None => name,
            },
        );
    }
    let service = about.service();
    let extent = [
        ("slos", &texts.slos, service.slos.len()),
        ("journeys", &texts.journeys, service.journeys.len()),
        ("endpoints", &texts.endpoints, service.endpoints.len()),
    ];
    let extent = extent.map(|(name, counted, n)| (name, Line::text(count(counted, n))));
    fact(texts.extent, fill(texts.extent_text, &extent));
    fact(
        about.texts.measured.at_a_glance,
        measured::at_a_glance(about),
    );
    facts
}

/// The owners that journeys name, each once.
fn owners(about: &About<'_>) -> Option<Line> {
    let mut owners: Vec<_> = about
        .service()
        .journeys
        .iter()
        .map(|journey| journey.record.owner.as_str())
        .filter(|owner| !owner.trim().is_empty())
        .collect();
    owners.sort_unstable();
    owners.dedup();
    (!owners.is_empty()).then(|| about.listed(owners.into_iter().map(Line::said)))
}

/// A number of things.
pub(super) fn count(counted: &Counted, n: usize) -> String {
    counted.with(&grouped(u64::try_from(n).unwrap_or(u64::MAX)), n == 1)
}

fn all(about: &About<'_>) -> Table {
    let texts = &about.texts.overview;
    Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.slo, Column::Words),
            (texts.promise, Column::Words),
            (texts.window, Column::Short),
            (texts.outage, Column::Numbers),
            (texts.bad_events, Column::Numbers),
            (texts.approved, Column::Short),
        ]),
        rows: about
            .service()
            .slos
            .iter()
            .map(|slo| row(about, slo))
            .collect(),
    }
}

fn row(about: &About<'_>, slo: &Slo) -> Vec<Line> {
    let texts = about.texts;
    let bad = match objective::expected(about, slo) {
        Some(expected) => Line::text(grouped(expected.bad)),
        None => Line::text(texts.overview.unknown_traffic),
    };
    vec![
        named(slo),
        promise(about, slo),
        Line::text(texts.window(slo.window)),
        outage(about, slo),
        bad,
        reviews::approval(about, slo),
    ]
}

/// How long everything may be bad. What fails is not in a latency SLO, so of such a one it says what
/// is slow.
fn outage(about: &About<'_>, slo: &Slo) -> Line {
    let outage = Line::text(about.texts.outage(slo.target, slo.window));
    match &slo.sli {
        Sli::Availability => outage,
        Sli::Latency { .. } => fill(about.texts.overview.outage_slow, &[("outage", outage)]),
    }
}

/// What is promised, in a few words.
pub(super) fn promise(about: &About<'_>, slo: &Slo) -> Line {
    let texts = about.texts;
    let target = (
        "target",
        Line::strong(Line::text(Texts::target(slo.target))),
    );
    match &slo.sli {
        Sli::Availability => fill(texts.overview.promised_availability, &[target]),
        Sli::Latency { threshold, .. } => fill(
            texts.overview.promised_latency,
            &[
                target,
                ("threshold", Line::text(texts.duration(*threshold))),
            ],
        ),
    }
}
