//! Who is called, directly and behind that, as nodes and calls of a picture.

use super::subject::About;
use crate::{
    document::{
        model::{Call, Node},
        text::{Texts, fill},
    },
    fleet::{Provider, dependencies::call},
    input::manifest::{Dependency, Kind},
};
use std::collections::BTreeMap;

/// More services than this don't make a readable picture.
const MAX_NODES: usize = 24;

/// What there is to draw.
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) calls: Vec<Call>,
    /// Services that are reached and not drawn.
    pub(super) more: usize,
}

/// The services that are reached from one, each in the column of the shortest way to it.
pub(super) fn reached(about: &About<'_>) -> Graph {
    let home = &about.service().name;
    let mut graph = Graph {
        nodes: vec![Node {
            name: home.clone(),
            about: about.texts.dependencies.this_service.to_owned(),
            column: 0,
            is_unknown: false,
        }],
        calls: Vec::new(),
        more: 0,
    };
    let mut places = BTreeMap::from([(home.clone(), 0)]);
    let mut left_out = std::collections::BTreeSet::new();
    let mut at = 0;
    while at < graph.nodes.len() {
        let (name, column) = (graph.nodes[at].name.clone(), graph.nodes[at].column);
        for (called, is_hard, first) in calls_of(about, &name) {
            let to = match places.get(&called) {
                Some(place) => *place,
                None if graph.nodes.len() < MAX_NODES => {
                    let place = graph.nodes.len();
                    graph.nodes.push(node(about, &called, first, column + 1));
                    places.insert(called, place);
                    place
                }
                None => {
                    left_out.insert(called);
                    continue;
                }
            };
            graph.calls.push(Call {
                from: at,
                to,
                is_hard,
                kind: word(about.texts, is_hard).to_owned(),
            });
        }
        at += 1;
    }
    graph.more = left_out.len();
    graph
}

/// The services that one calls, by name, each once: it is hard where any call of it is.
fn calls_of<'a>(about: &About<'a>, name: &str) -> Vec<(String, bool, &'a Dependency)> {
    let Some(Provider::Service(subject)) = about.known.fleet.provider(name) else {
        return Vec::new();
    };
    let mut calls: BTreeMap<&str, (bool, &Dependency)> = BTreeMap::new();
    for dependency in subject.facts().map_or(&[][..], |facts| &facts.dependency) {
        let is_hard = *dependency.kind.get_ref() == Kind::Hard;
        let entry = calls
            .entry(dependency.service.get_ref())
            .or_insert((is_hard, dependency));
        entry.0 |= is_hard;
    }
    let calls = calls.into_iter();
    calls
        .map(|(service, (is_hard, dependency))| (service.to_owned(), is_hard, dependency))
        .collect()
}

fn node(about: &About<'_>, name: &str, dependency: &Dependency, column: usize) -> Node {
    let texts = &about.texts.dependencies;
    let known = call(about.known.fleet, dependency, &[]);
    let promised = known.as_ref().map(|call| call.availability());
    Node {
        name: name.to_owned(),
        about: match promised {
            None => texts.unknown.to_owned(),
            Some(None) => String::new(),
            Some(Some(promise)) => Texts::target(promise.target),
        },
        column,
        is_unknown: promised.is_none(),
    }
}

/// The word for how much a service is needed.
pub(super) fn word(texts: &Texts, is_hard: bool) -> &'static str {
    match is_hard {
        true => texts.dependencies.hard,
        false => texts.dependencies.soft,
    }
}

/// The same as the picture, in words.
pub(super) fn described(about: &About<'_>, graph: &Graph) -> String {
    use crate::document::model::Line;
    let texts = about.texts;
    let calls = graph.calls.iter().map(|call| {
        fill(
            texts.dependencies.picture_call,
            &[
                ("from", Line::said(&graph.nodes[call.from].name)),
                ("to", Line::said(&graph.nodes[call.to].name)),
                ("kind", Line::text(call.kind.clone())),
            ],
        )
    });
    Line::join(calls, texts.comma).plain()
}
