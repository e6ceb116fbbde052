//! `cargo slo export`: each service as a file, for where neither its program nor its `slo.toml` is.

use super::{
    Exit,
    build_options::BuildOptions,
    coverage::OfferedBy,
    delivery::{Target, deliver, tell_empty},
    failure::Failure,
    manifest_options::{ManifestOptions, tell_unknown},
    sources::Sources,
};
use crate::{input::values::Date, outputs::export};
use clap::Args;
use std::{io::Write, path::PathBuf};

/// Write each service as `<service>.slo.json`: its annotations, and what is said in `slo.toml`
///
/// A file says all that `check`, `generate`, `doc` and the other commands read, so that they can be
/// run over files alone. The same input gives the same bytes.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    target: Target,
    /// Leave out what events are worth
    #[arg(long)]
    public: bool,
    /// Programs, `*.slo.json` files, folders that hold these, and patterns to read instead of
    /// building
    #[arg(value_name = "FILE", conflicts_with = "cargo-options")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    facts: ManifestOptions,
    #[command(flatten)]
    offered_by: OfferedBy,
    #[command(flatten)]
    build: BuildOptions,
}

impl Export {
    pub(super) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
        let mut unread = self.sources.unread();
        let mut known = self.facts.read(&mut unread, err)?;
        let definition = self.sources.definition(&self.files, &mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let apis = self
            .offered_by
            .read(&definition, &known, &mut unread, err)?;
        tell_empty(&definition, err)?;
        // Nothing that is exported depends on the day.
        let fleet = known.fleet(&definition, Date::EPOCH)?.offering(apis);
        tell_unknown(&fleet, err)?;
        let export = export::Export {
            build: self.build.read()?,
            is_public: self.public,
        };
        let files = fleet.subjects.iter();
        let files: Vec<_> = files.map(|subject| export.file(&fleet, subject)).collect();
        let refused: Vec<_> = files.iter().filter_map(export::refusal).collect();
        if !refused.is_empty() {
            return Err(Failure::Told(refused));
        }
        let exit = deliver(files.into_iter(), &self.target, out, err)?;
        unread.exit(exit, err)
    }
}
