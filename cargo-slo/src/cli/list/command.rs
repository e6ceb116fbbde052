//! The command.

use super::{human, json};
use crate::{
    cli::{
        Exit, columns::columns, failure::Failure, manifest_options::ManifestOptions,
        sources::Sources,
    },
    input::values::Date,
};
use clap::{Args, ValueEnum};
use std::{io::Write, path::PathBuf};

/// List journeys, endpoints and SLOs
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    facts: ManifestOptions,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Tables for people
    #[default]
    Human,
    /// JSON for programs
    Json,
}

impl List {
    pub(in crate::cli) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit, Failure> {
        let mut unread = self.sources.unread();
        let mut known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        // It also shows what a `slo.toml` of this folder is not about.
        known.keep_those_of(&definition);
        let fleet = known.fleet(&definition, Date::EPOCH)?;
        match self.format {
            Format::Human => human::write(out, &fleet, columns())?,
            Format::Json => json::write(out, &fleet)?,
        }
        unread.exit(Exit::Clean, err)
    }
}
