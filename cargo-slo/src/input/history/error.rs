//! Why there is no history.

use crate::{diagnostics::Diagnostic, input::http::AskError};
use std::{fmt, io, path::PathBuf};

/// Why a history could not be read, written or asked for.
#[derive(Debug)]
#[non_exhaustive]
pub enum HistoryError {
    /// The file can't be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file is not a history.
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Prometheus could not be asked.
    Asking(AskError),
    /// Prometheus says what can't be.
    Answer {
        /// Its address.
        url: String,
        /// What is wrong with it.
        what: String,
    },
    /// Prometheus knows no events.
    NoEvents {
        /// Its address.
        url: String,
    },
}

impl HistoryError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            HistoryError::Io { path, error } => {
                Diagnostic::error(format!("the history can't be read or written: {error}")).at(path)
            }
            HistoryError::Content { path, what } => {
                Diagnostic::error(format!("this is not a history: {what}"))
                    .at(path)
                    .with_help("`cargo slo check --prometheus URL --write-history FILE` writes one")
            }
            HistoryError::Asking(error) => error.diagnostic(),
            HistoryError::Answer { url, what } => {
                Diagnostic::error(format!("what it says is not a history: {what}"))
                    .at(std::path::Path::new(url))
                    .with_help("`--match` leaves out series that count something else")
            }
            HistoryError::NoEvents { url } => {
                Diagnostic::error("it has no series of `slo.events` in the last day")
                    .at(std::path::Path::new(url))
                    .with_note("an empty history would look like services that nobody calls")
                    .with_help(
                        "check the address, the tenant (`--header`) and the matchers (`--match`)",
                    )
            }
        }
    }
}

impl From<AskError> for HistoryError {
    fn from(error: AskError) -> HistoryError {
        HistoryError::Asking(error)
    }
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for HistoryError {}
