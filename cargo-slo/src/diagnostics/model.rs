//! One thing to tell, independent of how it is written.

use super::Change;
use serde::Serialize;
use std::{ops::Range, path::Path};

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
    /// Returns the word it is announced with.
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
    /// The first character of the line that it is about, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// How many characters it is about, on that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// A part that has no line, such as a record in a section of a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The text of the line, to be shown and underlined.
    #[serde(skip)]
    pub excerpt: Option<String>,
}

impl Location {
    /// Returns a file, and nothing more precise.
    pub fn file(file: impl Into<String>) -> Location {
        Location {
            file: file.into(),
            line: None,
            column: None,
            length: None,
            part: None,
            excerpt: None,
        }
    }

    /// Returns the bytes `span` of a text that is the content of the file; of several lines the
    /// first.
    pub fn of_span(file: impl Into<String>, text: &str, span: Range<usize>) -> Location {
        let start = floor(text, span.start);
        let end = floor(text, span.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let length = text[start..end.min(line_start + line.len()).max(start)]
            .chars()
            .count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Location {
            line: Some(count(text[..line_start].matches('\n').count() + 1)),
            column: Some(count(text[line_start..start].chars().count() + 1)),
            length: Some(count(length.max(1))),
            excerpt: Some(line.to_owned()),
            ..Location::file(file)
        }
    }
}

/// The nearest place at or before `at` where a character starts.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One thing to tell: what happened, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// The rule that found it, for findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// What happened, in one line.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The evidence, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The ways out that are words, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
    /// The ways out that are texts to write.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
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
            rule: None,
            message: message.into(),
            location: None,
            notes: Vec::new(),
            help: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Says which file it is about.
    pub fn at(self, file: &Path) -> Diagnostic {
        self.at_location(Location::file(file.display().to_string()))
    }

    /// Says where it is.
    pub fn at_location(mut self, location: Location) -> Diagnostic {
        self.location = Some(location);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_place_in_a_line() {
        let text = "a = 1\r\nb = \"é日\" # c\n";
        let start = text.find('"').unwrap();
        let place = Location::of_span("f", text, start..start + 7);
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(2), Some(5), Some(4))
        );
        assert_eq!(place.excerpt.as_deref(), Some("b = \"é日\" # c"));
    }

    #[test]
    fn a_span_of_several_lines_is_its_first() {
        let place = Location::of_span("f", "ab\ncd\n", 1..6);
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(1), Some(2), Some(1))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_span_is_too_wild(text: String, start: usize, end: usize) {
            let place = Location::of_span("f", &text, start % 99..end % 99);
            proptest::prop_assert!(place.line.is_some() && place.length >= Some(1));
        }
    }
}
