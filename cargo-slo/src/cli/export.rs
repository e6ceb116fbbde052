//! `cargo slo export`: the records as files for where no program is.

use super::{
    Exit,
    delivery::{Target, deliver, tell_empty},
    failure::Failure,
    sources::Sources,
};
use crate::outputs::export::export;
use clap::Args;
use std::{io::Write, path::PathBuf};

/// Write the records of each service as `<service>.slo.json`
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    target: Target,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
}

impl Export {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let mut unread = self.sources.unread();
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        tell_empty(&definition, err)?;
        let files = definition.services.iter().map(export);
        let exit = deliver(files, &self.target, out, err)?;
        unread.exit(exit, err)
    }
}
