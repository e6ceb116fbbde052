//! Why a source could not be read.

use crate::{
    diagnostics::{Diagnostic, Location},
    input::http::AskError,
};
use std::{fmt, io, path::PathBuf};

/// Why a source could not be compared with.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// The file is missing or can't be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file is not a rule file.
    Rules {
        /// Where.
        location: Box<Location>,
        /// What is wrong with it.
        what: String,
    },
    /// A system could not be asked, or answers otherwise.
    Ask(AskError),
    /// What would be generated can't be read back: an error of this program.
    Generated(serde_json::Error),
}

impl SourceError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            SourceError::Io { path, error } => {
                Diagnostic::error(format!("the file can't be read: {error}")).at(path)
            }
            SourceError::Rules { location, what } => {
                Diagnostic::error(format!("these are not rules: {what}"))
                    .at_location((**location).clone())
                    .with_help("rule files are written by `cargo slo generate prometheus`")
            }
            SourceError::Ask(error) => error.diagnostic(),
            SourceError::Generated(error) => Diagnostic::error(format!(
                "what would be generated can't be read back: {error}"
            ))
            .with_help("this is an error of cargo-slo, please report it"),
        }
    }
}

impl From<AskError> for SourceError {
    fn from(error: AskError) -> SourceError {
        SourceError::Ask(error)
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for SourceError {}
