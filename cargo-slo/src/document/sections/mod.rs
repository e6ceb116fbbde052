//! The sections of a document, one file each: what is known becomes lines, tables and pictures.
//!
//! They hold no arithmetic of their own: budgets, burn rates and chances come from `slo-model`,
//! dependencies and alert conditions from the rules, and the words from `text`.

mod alerts;
mod approval;
mod dependencies;
mod findings;
mod former;
mod glossary;
mod graph;
mod history;
mod journeys;
mod judging;
mod measured;
mod objective;
mod overview;
mod policy;
mod reviews;
mod subject;
mod uncounted;
mod worth;

use super::{
    changes::History,
    model::{Document, Line, Section},
    review_link::ReviewLink,
    text::{Language, fill},
};
use crate::{
    fleet::{Fleet, Subject, dependencies::hard},
    input::values::Date,
};

/// What a document is made from.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// All services that were read, and the catalogue.
    pub fleet: &'a Fleet<'a>,
    /// The service it is about, one of the fleet.
    pub subject: &'a Subject<'a>,
    /// What was different before.
    pub history: &'a History,
    /// The day reviews are judged at; `None` if the document should be the same on all days.
    pub today: Option<Date>,
    /// Where reviews are answered, if anywhere.
    pub review_link: Option<&'a ReviewLink>,
}

/// Returns the document of a service.
pub fn of_service(known: &Knowledge<'_>, language: Language) -> Document {
    let texts = language.texts();
    let service = &known.subject.service.name;
    let about = subject::About {
        known,
        texts,
        language,
        found: &findings::found(known),
        hard: &hard(known.fleet, known.subject),
    };
    Document {
        language,
        service: service.clone(),
        title: fill(texts.page.title, &[("service", Line::said(service))]),
        lead: Line::text(texts.page.lead),
        sections: parts(&about),
    }
}

/// The parts: for those who approve, run and build a service.
fn parts(about: &subject::About<'_>) -> Vec<Section> {
    let texts = &about.texts.approval;
    let part = |id, title, sections: Vec<Section>| Section {
        sections,
        ..subject::section(id, title)
    };
    let run = vec![
        overview::section(about),
        journeys::section(about),
        measured::section(about),
        alerts::section(about),
        policy::section(about),
        dependencies::section(about),
        worth::section(about),
        reviews::section(about),
    ];
    let build = vec![
        judging::section(about),
        uncounted::section(about),
        findings::section(about),
        history::section(about),
        alerts::conditions(about),
        glossary::section(about),
    ];
    vec![
        approval::part(about),
        part("run", texts.run, run),
        part("build", texts.build, build),
    ]
}
