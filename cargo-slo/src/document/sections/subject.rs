//! What several sections ask about the service.

use super::{Knowledge, findings::Found};
use crate::{
    definition::{Service, Slo},
    document::{
        model::{Column, Line, Section, Span},
        text::{Language, Texts, fill},
    },
    fleet::dependencies::Call,
    input::{manifest::Manifest, values::Localized},
};
use std::rc::Rc;

/// A service, and the words to speak of it.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) known: &'a Knowledge<'a>,
    pub(super) texts: &'static Texts,
    pub(super) language: Language,
    /// What rules find in it.
    pub(super) found: &'a [Found],
    /// What its availability SLOs can't be kept without.
    pub(super) hard: &'a [(&'a Slo, Rc<Vec<Call<'a>>>)],
}

impl<'a> About<'a> {
    pub(super) fn service(&self) -> &'a Service {
        self.known.subject.service
    }

    /// What stands where `slo.toml` says nothing: `text`, or that nobody knows here what it says.
    pub(super) fn absent(&self, text: &'static str) -> Line {
        match self.known.subject.is_known() {
            true => fill(text, &[]),
            false => Line::text(self.texts.overview.not_known_here),
        }
    }

    pub(super) fn facts(&self) -> Option<&'a Manifest> {
        self.known.subject.facts()
    }

    /// What somebody wrote in the language of the document, else in the one it was written in.
    pub(super) fn localized(&self, text: &Localized) -> Line {
        let tag = self.texts.tag;
        match (text.in_language(tag), text.any()) {
            (Some(own), _) | (None, (None, own)) => Line::said(own),
            (None, (Some(other), text)) => {
                Line(vec![Span::Foreign(other.to_owned(), Line::said(text))])
            }
        }
    }

    /// The same, unless it is nothing.
    pub(super) fn said(&self, text: &Localized) -> Option<Line> {
        (!text.is_blank()).then(|| self.localized(text))
    }

    /// The lines as a list within a sentence.
    pub(super) fn listed(&self, lines: impl IntoIterator<Item = Line>) -> Line {
        Line::join(lines, self.texts.comma)
    }
}

/// An SLO by its name, which leads to what is said about it.
pub(super) fn named(slo: &Slo) -> Line {
    let name = slo.identity.name_in_service();
    Line::place(&id(slo), Line::code(&name))
}

/// Where an SLO is described.
pub(super) fn id(slo: &Slo) -> String {
    format!("slo/{}", slo.identity.name_in_service())
}

/// A section without parts.
pub(super) fn section(id: &str, title: &'static str) -> Section {
    Section {
        id: id.to_owned(),
        title: Line::text(title),
        blocks: Vec::new(),
        sections: Vec::new(),
        is_sheet: false,
    }
}

/// Columns of words, and of numbers.
pub(super) fn head(columns: &[(&'static str, Column)]) -> Vec<(Line, Column)> {
    let columns = columns.iter();
    columns
        .map(|(title, column)| (fill(title, &[]), *column))
        .collect()
}

/// What somebody wrote, unless it is nothing.
pub(super) fn written(text: &str) -> Option<Line> {
    (!text.trim().is_empty()).then(|| Line::said(text))
}
