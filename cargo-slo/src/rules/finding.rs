//! What a rule finds.

use crate::fleet::Place;

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
