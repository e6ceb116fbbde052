//! The command.

use super::{human, json};
use crate::cli::{Exit, failure::Failure, sources::Sources};
use clap::{Args, ValueEnum};
use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

/// List journeys, endpoints and SLOs
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Programs and `*.slo.json` files to read instead of building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
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
        let definition = self.sources.definition(&self.files, err)?;
        match self.format {
            Format::Human => human::write(out, &definition, width())?,
            Format::Json => json::write(out, &definition)?,
        }
        Ok(Exit::Clean)
    }
}

/// Columns there are; without a terminal as many as it takes.
fn width() -> Option<usize> {
    let asked = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    asked.or_else(|| {
        let terminal = io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)??;
        Some(terminal.0.0.into())
    })
}
