//! Where the records of a command come from.

use super::{cargo_options::CargoOptions, failure::Failure, unread::Unread};
use crate::{
    definition::{Definition, resolve, resolve_owned},
    diagnostics::human,
    input::{
        NamedFiles, PathError, ReadError, ReadErrors, Reading, artefacts, features, listed_files,
        listed_paths, named_files, read_artefacts, read_binaries, read_exports_named_by,
    },
};
use clap::Args;
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// What is read of a folder.
const EXPORTS: &[&str] = &[".slo.json"];

/// Where the records come from: what cargo builds, or files.
#[derive(Debug, Default, Args)]
pub(super) struct Sources {
    /// Name of the service, where only one is read [default: as its program says, else the name of
    /// its file]
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
    /// Programs and shared libraries, also as a pattern
    #[arg(long, value_name = "FILE", num_args = 1..)]
    bin: Vec<PathBuf>,
    /// Files written by `cargo slo export`, folders that hold them, patterns such as
    /// 'teams/**/*.slo.json'
    #[arg(long, value_name = "PATH", num_args = 1..)]
    export: Vec<PathBuf>,
    /// Read what this file lists: a path a line, as on the command line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Vec<PathBuf>,
    /// Go on without files that can't be read, and exit with 2 in the end
    #[arg(long)]
    keep_going: bool,
}

impl Sources {
    /// What cargo is asked for.
    pub(super) fn cargo(&self) -> &CargoOptions {
        &self.cargo
    }

    /// What is left out, nothing yet.
    pub(super) fn unread(&self) -> Unread {
        Unread::new(self.files.keep_going)
    }

    /// Reads and resolves everything, what the paths of `more` name included; remarks go to `err`.
    pub(super) fn definition(
        &self,
        more: &[PathBuf],
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<Definition, Failure> {
        let mut reading = self.read(more, unread, err)?;
        if let Some(name) = &self.service {
            reading = reading.rename(name)?;
        }
        resolved(reading, unread, err)
    }

    fn read(
        &self,
        more: &[PathBuf],
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<Reading, Failure> {
        let Files {
            bin,
            export,
            files_from,
            ..
        } = &self.files;
        if [bin, export, files_from]
            .iter()
            .all(|paths| paths.is_empty())
            && more.is_empty()
        {
            let built = artefacts::build(&self.cargo.arguments())?;
            return Ok(read_artefacts(&built).map_err(|errors| {
                errors.with_asking(|| {
                    features::asking("slo-sdk", "off", &self.cargo.metadata_arguments())
                })
            })?);
        }
        let mut inputs = Inputs::default();
        for path in bin {
            // Beside the programs of a folder lies what is none; a pattern chooses.
            let named = match path.is_dir() {
                true => Ok(NamedFiles::one(path)),
                false => named_files(path, EXPORTS),
            };
            let named = found(path, named, unread, err)?;
            inputs
                .programs
                .extend(named.into_iter().flat_map(|named| named.files));
        }
        for path in export {
            inputs
                .exports
                .extend(found(path, named_files(path, EXPORTS), unread, err)?);
        }
        for path in more {
            inputs.extend(found(path, named_files(path, EXPORTS), unread, err)?);
        }
        for list in files_from {
            for path in listed_paths(list)? {
                inputs.extend(found(&path, listed_files(&path, EXPORTS), unread, err)?);
            }
        }
        inputs.read(unread, err)
    }
}

/// Programs, and files written by `cargo slo export`.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    programs: Vec<PathBuf>,
    exports: Vec<NamedFiles>,
}

impl Extend<NamedFiles> for Inputs {
    /// Adds files, told apart by their names.
    fn extend<I: IntoIterator<Item = NamedFiles>>(&mut self, files: I) {
        for named in files {
            let programs = named.files.iter().filter(|file| !is_export(file));
            self.programs.extend(programs.cloned());
            self.exports.push(named.filter(is_export));
        }
    }
}

impl Inputs {
    /// True if there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.programs.is_empty() && self.exports.iter().all(|named| named.files.is_empty())
    }

    fn read(&self, unread: &mut Unread, err: &mut dyn Write) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        if !self.programs.is_empty() {
            reading.merge(readable(&self.programs, read_binaries, unread, err)?);
        }
        for named in &self.exports {
            let read = |files: &[PathBuf]| read_exports_named_by(files, named.named_by());
            reading.merge(readable(&named.files, read, unread, err)?);
        }
        Ok(reading)
    }

    /// Reads and resolves everything; remarks go to `err`.
    pub(super) fn definition(
        &self,
        unread: &mut Unread,
        err: &mut dyn Write,
    ) -> Result<Definition, Failure> {
        resolved(self.read(unread, err)?, unread, err)
    }
}

/// What a path names; `None` if that is left out.
pub(super) fn found(
    path: &Path,
    named: Result<NamedFiles, PathError>,
    unread: &mut Unread,
    err: &mut dyn Write,
) -> Result<Option<NamedFiles>, Failure> {
    match named {
        Ok(named) => Ok(Some(named)),
        Err(error) if unread.keeps_going() => {
            unread.leave_out([path], &[error.diagnostic()], err)?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads files; if the command keeps going, without those that can't be read.
fn readable(
    files: &[PathBuf],
    read: impl Fn(&[PathBuf]) -> Result<Reading, ReadErrors>,
    unread: &mut Unread,
    err: &mut dyn Write,
) -> Result<Reading, Failure> {
    let mut files = files.to_vec();
    loop {
        let errors = match read(&files) {
            Ok(reading) => return Ok(reading),
            Err(errors) if !unread.keeps_going() => return Err(errors.into()),
            Err(errors) => errors,
        };
        let wrong: BTreeSet<_> = errors.errors().iter().flat_map(ReadError::files).collect();
        let count = files.len();
        files.retain(|file| !wrong.contains(&**file));
        if files.len() == count {
            return Err(errors.into());
        }
        let why: Vec<_> = errors.errors().iter().map(ReadError::diagnostic).collect();
        unread.leave_out(wrong, &why, err)?;
        if files.is_empty() {
            return Ok(Reading::default());
        }
    }
}

/// Resolves what was read; if the command keeps going, without services whose records contradict
/// each other.
pub(super) fn resolved(
    mut reading: Reading,
    unread: &mut Unread,
    err: &mut dyn Write,
) -> Result<Definition, Failure> {
    for remark in &reading.remarks {
        human::write(err, remark)?;
    }
    if !unread.keeps_going() {
        return Ok(resolve_owned(reading)?);
    }
    let conflicts = match resolve(&reading) {
        Ok(definition) => return Ok(definition),
        Err(conflicts) => conflicts,
    };
    for conflict in conflicts.conflicts() {
        let records = reading.services.remove(&conflict.service);
        let files = records.map_or_else(Vec::new, |records| records.files);
        let files = files.iter().map(PathBuf::as_path);
        unread.leave_out(files, &[conflict.diagnostic()], err)?;
    }
    Ok(resolve_owned(reading)?)
}

fn is_export(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
}
