//! Why services and what is said about them can't be put together.

use crate::{
    diagnostics::{Diagnostic, nearest},
    input::manifest::ManifestFile,
};
use std::path::PathBuf;
use toml::Spanned;

/// A `slo.toml` and the services don't fit together.
#[derive(Debug)]
#[non_exhaustive]
pub enum FleetError {
    /// The file names a service that was not read; read it too, or correct the name.
    NoSuchService {
        /// The file.
        manifest: Box<ManifestFile>,
        /// The services that were read.
        read: Vec<String>,
    },
    /// The file names no service, and not just one was read; name it.
    WhichService {
        /// The file.
        manifest: Box<ManifestFile>,
        /// The services that were read.
        read: Vec<String>,
    },
    /// Two files are about one service; join them.
    Twice {
        /// The service.
        service: String,
        /// Both files.
        files: [PathBuf; 2],
    },
}

impl FleetError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            FleetError::NoSuchService { manifest, read } => {
                let name = manifest.facts.service.as_ref();
                let span = name.map_or(0..0, Spanned::span);
                let name = name.map_or("", |name| name.get_ref());
                let error = Diagnostic::error(format!("no service `{name}` was read"))
                    .at_location(manifest.location(span))
                    .with_note(format!("these were read: {}", read.join(", ")));
                let error = match nearest(name, read.iter().map(String::as_str)) {
                    Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
                    None => error.with_help("read the service too: `--bin FILE` or `-p PACKAGE`"),
                };
                match &read[..] {
                    [only] => error.with_help(format!(
                        "if `{only}` is that service, say so: `--service {name}`, or for good \
                         `slo_sdk::service!({name:?});` in its program"
                    )),
                    [_, _, ..] => error.with_help(format!(
                        "if one of these is that service, read it alone: `--bin FILE --service \
                         {name}`"
                    )),
                    [] => error,
                }
            }
            FleetError::WhichService { manifest, read } => {
                Diagnostic::error("the file does not say which service it is about")
                    .at_location(manifest.location(0..0))
                    .with_note(match read.is_empty() {
                        true => "no service was read".to_owned(),
                        false => format!("these were read: {}", read.join(", ")),
                    })
                    .with_help("say it in its first line: `service = \"NAME\"`")
            }
            FleetError::Twice { service, files } => {
                Diagnostic::error(format!("two files are about the service `{service}`"))
                    .at(&files[0])
                    .with_note(format!("the other is {}", files[1].display()))
                    .with_help("one `slo.toml` holds all that is said about a service")
            }
        }
    }
}
