//! What is read of services that run: their programs and exports, `slo.toml` and the catalogue.

use super::{
    failure::Failure,
    manifest_options::ManifestOptions,
    sources::{Inputs, found, resolved},
    unread::Unread,
};
use crate::{
    diagnostics::human,
    input::{Reading, named_files, read_binaries, values::Date},
    live::Definitions,
};
use clap::Args;
use std::{
    io::{self, Write},
    path::PathBuf,
    slice,
};

/// What is read of a folder.
const EXPORTS: &[&str] = &[".slo.json"];

/// What is read of them, and what it is read for; only Linux says which programs run.
const HEADING: &str =
    "What to read for titles, routes and burn rates [default: the programs that run, on Linux]";

/// Where it is read from.
#[derive(Debug, Default, Args)]
pub(super) struct Running {
    /// Programs and shared libraries, also as a pattern
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = HEADING)]
    bin: Vec<PathBuf>,
    /// Files written by `cargo slo export`, folders that hold them, patterns such as
    /// 'teams/**/*.slo.json'
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = HEADING)]
    export: Vec<PathBuf>,
    #[command(flatten)]
    facts: ManifestOptions,
}

impl Running {
    /// Reads what the options name.
    pub(super) fn named(&self, err: &mut dyn Write) -> Result<Definitions, Failure> {
        let mut unread = Unread::new(false);
        let mut inputs = Inputs::default();
        for path in self.bin.iter().chain(&self.export) {
            inputs.extend(found(path, named_files(path, EXPORTS), &mut unread, err)?);
        }
        if inputs.is_empty() {
            return Ok(Definitions::with_scaling(self.facts.scaling()));
        }
        let definition = inputs.definition(&mut unread, err)?;
        let mut known = self.facts.read(&mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        let fleet = known.fleet(&definition, Date::today())?;
        Ok(Definitions::from_fleet(&fleet))
    }

    /// Reads programs that run. Those without annotations, such as a shell, are left out; what is wrong
    /// with others is told, and ends nothing.
    pub(super) fn found(
        &self,
        programs: &[PathBuf],
        err: &mut dyn Write,
    ) -> io::Result<Definitions> {
        match self.read(programs, err) {
            Ok(definitions) => Ok(definitions),
            Err(Failure::Stream(error)) => Err(error),
            Err(Failure::Told(diagnostics)) => {
                for diagnostic in &diagnostics {
                    human::write(err, diagnostic)?;
                }
                Ok(Definitions::default())
            }
        }
    }

    fn read(&self, programs: &[PathBuf], err: &mut dyn Write) -> Result<Definitions, Failure> {
        let mut reading = Reading::default();
        for program in programs {
            if let Ok(read) = read_binaries(slice::from_ref(program)) {
                reading.merge(read);
            }
        }
        if reading.services.is_empty() {
            return Ok(Definitions::default());
        }
        let mut unread = Unread::new(false);
        let definition = resolved(reading, &mut unread, err)?;
        let mut known = self.facts.read(&mut unread, err)?;
        known.of_packages(&definition, &mut unread, err)?;
        known.keep_those_of(&definition);
        let fleet = known.fleet(&definition, Date::today())?;
        Ok(Definitions::from_fleet(&fleet))
    }
}
