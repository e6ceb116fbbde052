//! Why a history could not be read.

use crate::diagnostics::Diagnostic;
use std::{fmt, path::PathBuf};

/// Why a history could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum GitError {
    /// The repository was cloned without all of its history.
    Shallow {
        /// The repository.
        folder: PathBuf,
    },
    /// The repository was cloned without all of its files, or lost some.
    Missing {
        /// The repository.
        folder: PathBuf,
        /// The hash of what is missing.
        object: String,
    },
    /// What is there is no repository, or is damaged.
    Damaged {
        /// The repository.
        folder: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl GitError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let without = "or leave the history out: `--history none`";
        match self {
            GitError::Shallow { folder } => Diagnostic::error(
                "the history is cut off, because the repository is a shallow clone",
            )
            .at(folder)
            .with_note("a document made from it would silently lack earlier changes")
            .with_help(
                "fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` of \
                 `actions/checkout`",
            )
            .with_help(without),
            GitError::Missing { folder, object } => Diagnostic::error(format!(
                "the history is not all there: the repository lacks object {object}"
            ))
            .at(folder)
            .with_note("nothing is fetched to read it: a repository can name any program for that")
            .with_help("clone it with everything in it, without `--filter`")
            .with_help(without),
            GitError::Damaged { folder, what } => {
                Diagnostic::error(format!("the history can't be read: {what}"))
                    .at(folder)
                    .with_help(without)
            }
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic().message)
    }
}

impl std::error::Error for GitError {}
