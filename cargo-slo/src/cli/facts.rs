//! Where the facts come from that are not code: `slo.toml` and the catalogue.

use super::failure::Failure;
use crate::{
    definition::{Definition, resolve},
    input::{
        catalogue::{Catalogue, CatalogueError},
        manifest::ManifestFile,
    },
};
use clap::Args;
use std::path::{Path, PathBuf};

/// The file that is read where none is named.
pub(super) const FILE: &str = "slo.toml";

/// Where people wrote down what is not code.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is not code")]
pub(super) struct Facts {
    /// Facts about services, a file each [default: `slo.toml` of this folder, if there is one]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    slo_toml: Vec<PathBuf>,
    /// The catalogue of the organisation
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Known {
    /// The files about services.
    pub(super) manifests: Vec<ManifestFile>,
    /// The catalogue.
    pub(super) catalogue: Catalogue,
    /// The services that the catalogue knows.
    pub(super) others: Definition,
}

impl Facts {
    /// Reads all files; what is wrong with each is told.
    pub(super) fn read(&self) -> Result<Known, Failure> {
        let mut wrong = Vec::new();
        let default = [PathBuf::from(FILE)];
        let paths = match self.slo_toml.is_empty() && Path::new(FILE).exists() {
            true => &default[..],
            false => &self.slo_toml,
        };
        let mut manifests = Vec::new();
        for path in paths {
            match ManifestFile::read(path) {
                Ok(manifest) => manifests.push(manifest),
                Err(error) => wrong.push(error.diagnostic()),
            }
        }
        let catalogue = match &self.catalog {
            None => Catalogue::default(),
            Some(folder) => Catalogue::read(folder).unwrap_or_else(|errors| {
                wrong.extend(errors.iter().flat_map(CatalogueError::diagnostics));
                Catalogue::default()
            }),
        };
        if !wrong.is_empty() {
            return Err(Failure::Told(wrong));
        }
        Ok(Known {
            manifests,
            others: resolve(&catalogue.services)?,
            catalogue,
        })
    }
}
