//! One thing to tell, independent of how it is written.

use serde::Serialize;
use std::path::Path;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The command could not do its job.
    Error,
    /// The command did its job, but something is probably not as it should be.
    Warning,
    /// Worth knowing, nothing to do.
    Note,
}

impl Level {
    /// The word it is announced with.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// Where it is: a file, and a line or a part of it where that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Path of the file.
    pub file: String,
    /// Line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// A part that has no line, such as a record in a section of a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

/// One thing to tell: what happened, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// What happened, in one line.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The evidence, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The ways out, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Something that kept the command from doing its job.
    pub fn error(message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Level::Error, message)
    }

    /// Something that is probably not as it should be.
    pub fn warning(message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Level::Warning, message)
    }

    /// Something worth knowing.
    pub fn note(message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Level::Note, message)
    }

    fn new(level: Level, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            level,
            message: message.into(),
            location: None,
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Says which file it is about.
    pub fn at(mut self, file: &Path) -> Diagnostic {
        self.location = Some(Location {
            file: file.display().to_string(),
            line: None,
            part: None,
        });
        self
    }

    /// Says which line of which file it is about.
    pub fn at_line(mut self, file: &Path, line: u32) -> Diagnostic {
        self = self.at(file);
        if let Some(location) = &mut self.location {
            location.line = Some(line);
        }
        self
    }

    /// Says which part of the file; needs [`at`](Diagnostic::at) before it.
    pub fn part(mut self, part: impl Into<String>) -> Diagnostic {
        if let Some(location) = &mut self.location {
            location.part = Some(part.into());
        }
        self
    }

    /// Adds evidence.
    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds a way out.
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }
}
