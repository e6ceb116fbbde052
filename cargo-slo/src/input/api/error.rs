//! What is wrong with a file that lists endpoints.

use crate::{
    diagnostics::{Diagnostic, Location},
    input::{way_out, yaml::Wrong},
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Why a file could not be read as what it is said to be.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiError {
    /// It is missing or can't be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
        /// Where `slo.toml` names it.
        named: Option<Location>,
    },
    /// It holds something else, or is damaged.
    Content {
        /// Where.
        location: Location,
        /// What is wrong.
        message: String,
        /// The way out.
        help: Option<String>,
    },
}

impl ApiError {
    /// Returns the file that it is about.
    pub fn file(&self) -> &Path {
        match self {
            ApiError::Io { path, .. } => path,
            ApiError::Content { location, .. } => Path::new(&location.file),
        }
    }

    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            ApiError::Io { path, error, named } => {
                let what = match error.kind() {
                    io::ErrorKind::NotFound => "there is no such file".to_owned(),
                    _ => format!("the file can't be read: {error}"),
                };
                match named {
                    None => Diagnostic::error(what).at(path),
                    Some(place) => Diagnostic::error(format!("{}: {what}", path.display()))
                        .at_location(place.clone())
                        .with_help(
                            way_out(error)
                                .unwrap_or("paths are relative to the folder of this file"),
                        ),
                }
            }
            ApiError::Content {
                location,
                message,
                help,
            } => {
                let error = Diagnostic::error(message).at_location(location.clone());
                match help {
                    Some(help) => error.with_help(help),
                    None => error,
                }
            }
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for ApiError {}

impl From<Wrong> for ApiError {
    fn from(wrong: Wrong) -> ApiError {
        ApiError::Content {
            location: *wrong.location,
            message: wrong.message,
            help: wrong.help.map(str::to_owned),
        }
    }
}
