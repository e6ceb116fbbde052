//! Where the records of a command come from.

use super::{cargo_options::CargoOptions, failure::Failure};
use crate::{
    definition::{Definition, resolve_owned},
    diagnostics::human,
    input::{Reading, artefacts, features, read_artefacts, read_binaries, read_exports},
};
use clap::Args;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Where the records come from: what cargo builds, or files.
#[derive(Debug, Default, Args)]
pub(super) struct Sources {
    /// Name of the service, where only one is read [default: the program's file name]
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    #[command(flatten)]
    cargo: CargoOptions,
    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Default, Args)]
#[group(id = "file-options", multiple = true)]
#[command(next_help_heading = "What to read instead")]
struct Files {
    /// Programs and shared libraries
    #[arg(long, value_name = "FILE", num_args = 1..)]
    bin: Vec<PathBuf>,
    /// Files written by `cargo slo export`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    export: Vec<PathBuf>,
}

impl Sources {
    /// What cargo is asked for.
    pub(super) fn cargo(&self) -> &CargoOptions {
        &self.cargo
    }

    /// Reads and resolves everything, the files of `more` included; remarks go to `err`.
    pub(super) fn definition(
        &self,
        more: &[PathBuf],
        err: &mut dyn Write,
    ) -> Result<Definition, Failure> {
        let mut reading = self.read(more)?;
        if let Some(name) = &self.service {
            reading = reading.rename(name)?;
        }
        for remark in &reading.remarks {
            human::write(err, remark)?;
        }
        Ok(resolve_owned(reading)?)
    }

    fn read(&self, more: &[PathBuf]) -> Result<Reading, Failure> {
        let (exports, programs) = sorted(more);
        let exports = [&*self.files.export, &exports].concat();
        let programs = [&*self.files.bin, &programs].concat();
        if exports.is_empty() && programs.is_empty() {
            let built = artefacts::build(&self.cargo.arguments())?;
            return Ok(read_artefacts(&built).map_err(|errors| {
                errors.with_asking(|| {
                    features::asking("slo-sdk", "off", &self.cargo.metadata_arguments())
                })
            })?);
        }
        read(&exports, &programs)
    }
}

/// Reads programs and exports, told apart by their names.
pub(super) fn read_files(files: &[PathBuf]) -> Result<Reading, Failure> {
    let (exports, programs) = sorted(files);
    read(&exports, &programs)
}

fn read(exports: &[PathBuf], programs: &[PathBuf]) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    if !programs.is_empty() {
        reading.merge(read_binaries(programs)?);
    }
    reading.merge(read_exports(exports)?);
    Ok(reading)
}

/// Exports, and programs.
fn sorted(files: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    files.iter().cloned().partition(|path| is_export(path))
}

fn is_export(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
}
