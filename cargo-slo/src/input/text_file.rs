//! A file with its text, to show places of it.

use super::json_table;
use crate::diagnostics::Location;
use std::{ops::Range, path::PathBuf, sync::Arc};

/// A longer line is named and not shown: a generated file may be a single one.
const LONGEST_SHOWN: usize = 1000;

/// A file and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// The path it was read from.
    pub path: PathBuf,
    /// What it holds; of an export, what it holds beside its records.
    pub text: Arc<str>,
    /// How that is written.
    pub syntax: Syntax,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// By people: `slo.toml` and the files of the catalogue.
    Toml,
    /// By `cargo slo export`.
    Json,
}

impl TextFile {
    /// Returns the place of a span; in JSON, with a pointer to the value.
    pub fn location(&self, span: Range<usize>) -> Location {
        let mut location =
            Location::of_span(self.path.display().to_string(), &self.text, span.clone());
        if self.syntax == Syntax::Json {
            location.part = json_table::pointer(&self.text, &span);
            location.excerpt = location.excerpt.filter(|line| line.len() <= LONGEST_SHOWN);
        }
        location
    }
}
