//! One generated file, and why files could not be written.

use super::delivery::Kept;
use crate::diagnostics::Diagnostic;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// Its content.
    pub content: String,
}

/// Files could not be written; everything is as it was before, but for [`NotUndone`].
///
/// [`NotUndone`]: WriteError::NotUndone
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system refused: no permission, no space, no folder.
    Io {
        /// Where something was to go.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Two files of one call have the same name; one would replace the other.
    SameName {
        /// The path both would have.
        path: PathBuf,
    },
    /// A folder stands where the file is to go; move it away, or write elsewhere.
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Files are there that may not be replaced; move them away, or say that they may be.
    Kept {
        /// Each with the reason.
        files: Vec<(PathBuf, Kept)>,
    },
    /// A signal asked the program to end.
    Interrupted,
    /// Only a part of the files could be put in their places, and one of those that were
    /// replaced could not be put back; generate again when the cause is gone.
    NotUndone {
        /// The file that is not as it was.
        path: PathBuf,
        /// What the system said when it was put back.
        error: io::Error,
        /// Why it had to be put back.
        cause: Box<WriteError>,
    },
}

/// More names than this are a number instead.
const NAMED: usize = 10;

impl WriteError {
    pub(super) fn io(path: &Path, error: io::Error) -> WriteError {
        WriteError::Io {
            path: path.to_owned(),
            error,
        }
    }

    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            WriteError::Io { path, error } => {
                let told = Diagnostic::error(format!("can't be written: {error}"))
                    .at(path)
                    .with_note("nothing was written");
                match error.kind() {
                    io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                        told.with_help("`-o` takes a folder")
                    }
                    _ => told,
                }
            }
            WriteError::SameName { path } => {
                Diagnostic::error("two generated files would have this name")
                    .at(path)
                    .with_note("nothing was written")
                    .with_help("give one of the services another name, or write it elsewhere")
            }
            WriteError::Folder { path } => {
                Diagnostic::error("can't be written: a folder has this name")
                    .at(path)
                    .with_note("nothing was written")
                    .with_help("move the folder away, or write elsewhere")
            }
            WriteError::Kept { files } => kept(files),
            WriteError::Interrupted => {
                Diagnostic::error("interrupted").with_note("nothing was written")
            }
            WriteError::NotUndone { path, error, cause } => {
                let cause = cause.diagnostic();
                let whose = cause.location.map_or(String::new(), |at| at.file);
                Diagnostic::error(format!("could not be put back as it was: {error}"))
                    .at(path)
                    .with_note(format!(
                        "it had to be, because of {whose}: {}",
                        cause.message
                    ))
                    .with_help("generate again when the cause is gone")
            }
        }
    }
}

fn kept(files: &[(PathBuf, Kept)]) -> Diagnostic {
    let told = match files {
        [(path, kept), ..] => {
            Diagnostic::error(format!("this file is not replaced: {}", kept.why())).at(path)
        }
        [] => Diagnostic::error("files are not replaced"),
    };
    let others = files.get(1..).unwrap_or_default();
    let mut names: Vec<_> = others
        .iter()
        .take(NAMED)
        .map(|(path, kept)| format!("{}: {}", path.display(), kept.why()))
        .collect();
    if others.len() > NAMED {
        names.push(format!("and {} more", others.len() - NAMED));
    }
    names
        .into_iter()
        .fold(told, Diagnostic::with_note)
        .with_note("nothing was written")
        .with_help("move it away, write elsewhere, or replace it with `--force`")
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::Io { error, .. } | WriteError::NotUndone { error, .. } => Some(error),
            _ => None,
        }
    }
}
