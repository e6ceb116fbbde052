//! The file the facts stand in.

use super::Manifest;
use crate::{
    diagnostics::Location,
    input::{
        NamedBy,
        toml_file::{TomlError, TomlFile},
    },
};
use std::{ops::Range, path::Path};

/// What a `slo.toml` says, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestFile {
    /// The file.
    pub file: TomlFile,
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
    /// As [`TomlFile::read`].
    pub fn read(path: &Path, named_by: NamedBy<'_>) -> Result<ManifestFile, TomlError> {
        let (file, facts) = TomlFile::read(path, named_by)?;
        Ok(ManifestFile {
            file,
            facts,
            about: None,
        })
    }

    /// Reads a text as if it stood in a file.
    ///
    /// # Errors
    /// As [`TomlFile::parse`].
    pub fn parse(path: &Path, text: impl Into<String>) -> Result<ManifestFile, TomlError> {
        let (file, facts) = TomlFile::parse(path, text.into())?;
        Ok(ManifestFile {
            file,
            facts,
            about: None,
        })
    }

    /// The service it is about, as far as that is known without the others.
    pub fn service(&self) -> Option<&str> {
        let said = self.facts.service.as_ref();
        self.about
            .as_deref()
            .or_else(|| said.map(|name| name.get_ref().as_str()))
    }

    /// A place in it.
    pub fn location(&self, span: Range<usize>) -> Location {
        self.file.location(span)
    }
}
