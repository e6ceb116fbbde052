//! The file the facts stand in.

use super::Manifest;
use crate::{
    diagnostics::Location,
    input::{
        NamedBy, TextFile,
        toml_file::{self, TomlError},
    },
};
use std::{ops::Range, path::Path, sync::Arc};

/// What a `slo.toml` says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFile {
    /// The file.
    pub file: TextFile,
    /// What it says.
    pub facts: Manifest,
    /// The service it is about, where it says none or another one: that of its package, or the one
    /// whose program has the name that it says.
    pub about: Option<String>,
}

impl ManifestFile {
    /// Reads a file.
    ///
    /// # Errors
    /// As [`toml_file::read`].
    pub fn read(path: &Path, named_by: NamedBy<'_>) -> Result<ManifestFile, TomlError> {
        let (file, facts) = toml_file::read(path, named_by)?;
        Ok(ManifestFile {
            file,
            facts,
            about: None,
        })
    }

    /// Reads a text as if it stood in a file.
    ///
    /// # Errors
    /// As [`toml_file::parse`].
    pub fn parse(path: &Path, text: impl Into<Arc<str>>) -> Result<ManifestFile, TomlError> {
        let (file, facts) = toml_file::parse(path, text)?;
        Ok(ManifestFile {
            file,
            facts,
            about: None,
        })
    }

    /// Returns the service it is about, as far as that is known without the others.
    pub fn service(&self) -> Option<&str> {
        let said = self.facts.service.as_ref();
        self.about
            .as_deref()
            .or_else(|| said.map(|name| name.get_ref().as_str()))
    }

    /// Returns a place in it.
    pub fn location(&self, span: Range<usize>) -> Location {
        self.file.location(span)
    }
}
