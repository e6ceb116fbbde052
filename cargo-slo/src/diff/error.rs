//! Why a source could not be read.

use crate::{
    diagnostics::{Diagnostic, Location},
    input::prometheus::AskError,
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
    /// Prometheus could not be asked, or answers otherwise.
    Prometheus(AskError),
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
            SourceError::Prometheus(error) => error.diagnostic(),
        }
    }
}

impl From<AskError> for SourceError {
    fn from(error: AskError) -> SourceError {
        SourceError::Prometheus(error)
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
