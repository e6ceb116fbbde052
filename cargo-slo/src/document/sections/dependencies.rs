//! The services that are called.

use super::{
    graph,
    overview::count,
    subject::{About, head, section as empty, written},
};
use crate::{
    document::{
        model::{Block, Column, Drawing, Line, Picture, Section, Table},
        text::{Texts, fill},
    },
    fleet::dependencies::call,
    input::manifest::{Dependency, Kind},
};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.dependencies;
    let mut section = empty("dependencies", texts.heading);
    let dependencies = about.facts().map_or(&[][..], |facts| &facts.dependency);
    if dependencies.is_empty() {
        section.blocks.push(Block::Remark(about.absent(texts.none)));
        return section;
    }
    section
        .blocks
        .push(Block::Paragraph(Line::text(texts.intro)));
    let graph = graph::reached(about);
    section.blocks.push(Block::Picture(Picture {
        title: texts.picture.to_owned(),
        description: graph::described(about, &graph),
        drawing: Drawing::Calls {
            nodes: graph.nodes,
            calls: graph.calls,
        },
    }));
    if graph.more > 0 {
        let more = count(&texts.more, graph.more);
        section.blocks.push(Block::Paragraph(Line::text(more)));
    }
    section.blocks.push(Block::Table(Table {
        caption: Line::text(texts.caption),
        head: head(&[
            (texts.service, Column::Words),
            (texts.kind, Column::Short),
            (texts.used_by, Column::Words),
            (texts.promises, Column::Words),
            (texts.owner, Column::Words),
            (texts.otherwise, Column::Words),
        ]),
        rows: dependencies.iter().map(|one| row(about, one)).collect(),
    }));
    section
}

fn row(about: &About<'_>, dependency: &Dependency) -> Vec<Line> {
    let texts = &about.texts.dependencies;
    let known = call(about.known.fleet, dependency, &[]);
    let unknown = || Line::text(texts.unknown);
    let name = match &dependency.journey {
        Some(journey) => format!("{}/{}", dependency.service.get_ref(), journey.get_ref()),
        None => dependency.service.get_ref().clone(),
    };
    let is_hard = *dependency.kind.get_ref() == Kind::Hard;
    let promise = known.as_ref().map(|call| call.availability());
    vec![
        Line::code(&name),
        Line::text(graph::word(about.texts, is_hard)),
        match dependency.used_by.is_empty() {
            true => Line::text(texts.everything),
            false => about.listed(
                dependency
                    .used_by
                    .iter()
                    .map(|user| Line::code(user.get_ref())),
            ),
        },
        match promise {
            None => unknown(),
            Some(None) => Line::text(texts.promises_nothing),
            Some(Some(promise)) => fill(
                texts.promised,
                &[
                    ("target", Line::text(Texts::target(promise.target))),
                    ("window", Line::text(about.texts.window(promise.window))),
                ],
            ),
        },
        known
            .and_then(|call| written(call.owner_name()?))
            .unwrap_or_else(unknown),
        otherwise(about, dependency, is_hard),
    ]
}

/// What happens when it fails.
fn otherwise(about: &About<'_>, dependency: &Dependency, is_hard: bool) -> Line {
    let texts = &about.texts.dependencies;
    let said = |text: &Option<String>| text.as_deref().and_then(written);
    match (said(&dependency.mitigation), said(&dependency.reason)) {
        (Some(mitigation), Some(reason)) => fill(
            texts.because,
            &[("mitigation", mitigation), ("reason", reason)],
        ),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) if is_hard => Line::text(texts.fails_too),
        (None, None) => Line::text(texts.unknown),
    }
}
