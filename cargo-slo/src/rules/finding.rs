//! What a rule finds.

use super::change::instead;
use crate::{
    diagnostics::Change,
    fleet::{Place, Subject},
    text::toml::quoted,
};
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
    /// The ways out that are words, a line each.
    pub help: Vec<String>,
    /// The ways out that are texts to write.
    pub changes: Vec<Change>,
    /// Whether other alerts for the SLO that it is about are a way out, which several findings share.
    pub(super) needs_alerts: bool,
}

impl Finding {
    pub(super) fn new(on: impl Into<String>, place: Place, message: impl Into<String>) -> Finding {
        Finding {
            on: on.into(),
            place,
            message: message.into(),
            notes: Vec::new(),
            help: Vec::new(),
            changes: Vec::new(),
            needs_alerts: false,
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

    /// Advises another name, in the place of one in `slo.toml`.
    pub(super) fn meant(self, subject: &Subject<'_>, span: Range<usize>, name: &str) -> Finding {
        let words = format!("did you mean `{name}`?");
        match instead(subject, span, quoted(name)) {
            Some(edit) => self.changes([Change::decision(words, edit)]),
            None => self.help(words),
        }
    }

    /// Advises other alerts for the SLO that it is about.
    pub(super) fn other_alerts(mut self) -> Finding {
        self.needs_alerts = true;
        self
    }

    pub(super) fn changes(mut self, changes: impl IntoIterator<Item = Change>) -> Finding {
        self.changes.extend(changes);
        self
    }

    pub(super) fn helps(mut self, help: impl IntoIterator<Item = String>) -> Finding {
        self.help.extend(help);
        self
    }
}
