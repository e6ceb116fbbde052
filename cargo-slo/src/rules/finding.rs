//! What a rule finds.

use crate::diagnostics::Location;
use slo_model::record::SourceRecord;
use std::ops::Range;

/// One thing that is wrong, before it is known how bad that is taken to be.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Finding {
    /// What it is about: the name of an SLO in its service, a journey, or a service it calls.
    pub on: String,
    /// Where.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// The evidence, a line each.
    pub notes: Vec<String>,
    /// The ways out, a line each.
    pub help: Vec<String>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Nowhere in particular: in the service.
    Service,
    /// At an annotation.
    Source(SourceRecord),
    /// At these bytes of the service's `slo.toml`.
    Manifest(Range<usize>),
    /// In another file.
    File(Location),
    /// In a file of the catalogue.
    Catalogue(Location),
}

impl Place {
    /// At the first of some annotations.
    pub(super) fn first_of(sources: &[SourceRecord]) -> Place {
        sources
            .first()
            .cloned()
            .map_or(Place::Service, Place::Source)
    }
}

impl Finding {
    pub(super) fn new(on: impl Into<String>, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            on: on.into(),
            place,
            message: message.into(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Finding {
        self.notes.push(note.into());
        self
    }

    pub(super) fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Finding {
        self.notes.extend(notes);
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Finding {
        self.help.push(help.into());
        self
    }

    pub(super) fn helps(mut self, help: impl IntoIterator<Item = String>) -> Finding {
        self.help.extend(help);
        self
    }
}
