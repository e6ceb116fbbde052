//! Where generated files go: into a folder, or the only one to standard output.

use super::{Exit, failure::Failure, interrupt::Interrupts, progress::Progress};
use crate::{
    annotate::Change,
    definition::Definition,
    diagnostics::{Diagnostic, human},
    outputs::{self, Delivery, File, Replace, WriteError},
    text::visible,
};
use clap::Args;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// More names than this are a number instead.
const NAMED: usize = 10;

/// Where files go.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Folder to write into [default: standard output, for one file]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Replace files that this command did not write, and read-only ones
    #[arg(long, requires = "output")]
    force: bool,
}

impl Target {
    fn replace(&self) -> Replace {
        match self.force {
            true => Replace::Anything,
            false => Replace::Ours,
        }
    }
}

/// Says which services declare nothing: it may be as it should be, so it is not an error.
pub(super) fn tell_empty(definition: &Definition, err: &mut dyn Write) -> Result<(), Failure> {
    for service in definition
        .services
        .iter()
        .filter(|s| s.endpoints.is_empty())
    {
        let remark = Diagnostic::note(format!("service `{}`: no SLOs declared", service.name));
        let remark = match service.files.first() {
            Some(file) => remark.at(file),
            None => remark,
        };
        human::write(err, &remark)?;
    }
    Ok(())
}

/// Writes files into a folder, or the only one to standard output. They are taken one after
/// the other, and none is kept. Other files of the folder are nobody's business: it may be shared
/// by those who write into it.
pub(super) fn deliver(
    files: impl Iterator<Item = File>,
    target: &Target,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    match &target.output {
        Some(folder) => {
            put(files, folder, target.replace(), err)?;
        }
        None => print(files, out)?,
    }
    Ok(Exit::Clean)
}

/// The same for all files that belong into the folder: reports files of an earlier generation that
/// are none of them.
pub(super) fn deliver_all(
    files: impl Iterator<Item = File>,
    definition: &Definition,
    target: &Target,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    match &target.output {
        Some(folder) => {
            let written = put(files, folder, target.replace(), err)?;
            tell_stale(folder, &written, definition, err)?;
        }
        None => print(files, out)?,
    }
    Ok(Exit::Clean)
}

fn print(mut files: impl Iterator<Item = File>, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(first) = files.next() else {
        return Ok(());
    };
    match files.next() {
        None => Ok(out.write_all(first.content.as_bytes())?),
        // One after the other they would be neither valid YAML rules nor valid JSON, and
        // some readers would silently take only the first.
        Some(second) => {
            let rest = files.map(|file| file.name);
            let names = [first.name, second.name].into_iter().chain(rest);
            Err(Diagnostic::error("standard output takes only one file")
                .with_note(format!("these would be written: {}", some_of(names)))
                .with_help(
                    "write into a folder with `-o DIR`, or read one service with `--bin FILE`",
                )
                .into())
        }
    }
}

/// Puts files into a folder, all or none, and lists their paths.
fn put(
    files: impl Iterator<Item = File>,
    folder: &Path,
    replace: Replace,
    err: &mut dyn Write,
) -> Result<Vec<PathBuf>, Failure> {
    let mut progress = Progress::new("files generated");
    let written = held(folder, replace, err, |delivery, err| {
        for file in files {
            delivery.stage(&file)?;
            progress.show(delivery.len(), err)?;
        }
        Ok(())
    });
    progress.clear(err)?;
    let written = written?;
    tell_written(folder, &written, err)?;
    Ok(written)
}

/// Puts one file into its place. A device or a pipe that a person named is written to as it is.
pub(super) fn put_one(
    path: &Path,
    content: &str,
    replace: Replace,
    err: &mut dyn Write,
) -> Result<(), Failure> {
    let io = |error| WriteError::Io {
        path: path.to_owned(),
        error,
    };
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        fs::write(path, content).map_err(io)?;
    } else {
        let name = path
            .file_name()
            .ok_or_else(|| io(io::ErrorKind::InvalidFilename.into()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        if !folder.as_os_str().is_empty() {
            // A folder that is missing may well be misspelt.
            fs::metadata(folder).map_err(io)?;
        }
        held(folder, replace, err, |delivery, _| {
            Ok(delivery.stage_as(name, content)?)
        })?;
    }
    writeln!(err, "wrote {}", visible(&path.display().to_string()))?;
    Ok(())
}

/// Puts files with all that is changed in them into their places below a folder, all or none, and
/// lists them.
pub(super) fn put_edits(
    folder: &Path,
    changes: &[Change],
    err: &mut dyn Write,
) -> Result<(), Failure> {
    held(folder, Replace::Nothing, err, |delivery, _| {
        for Change {
            path,
            before,
            after,
            ..
        } in changes
        {
            let name = path.strip_prefix(folder).unwrap_or(path).as_os_str();
            match before {
                Some(before) => delivery.stage_edit(name, before, after)?,
                None => delivery.stage_as(name, after)?,
            }
        }
        Ok(())
    })?;
    for change in changes {
        writeln!(err, "wrote {}", visible(&change.shown))?;
    }
    Ok(())
}

/// Delivers what is staged, and holds signals back meanwhile.
fn held(
    folder: &Path,
    replace: Replace,
    err: &mut dyn Write,
    stage: impl FnOnce(&mut Delivery, &mut dyn Write) -> Result<(), Failure>,
) -> Result<Vec<PathBuf>, Failure> {
    let interrupts = Interrupts::held();
    let delivery = Delivery::into(folder, replace).map_err(Failure::from);
    let written = delivery.and_then(|delivery| {
        tell_removed(delivery.removed(), err)?;
        let mut delivery = delivery.until(Interrupts::came);
        stage(&mut delivery, err)?;
        Ok(delivery.finish()?)
    });
    if written.is_err() && Interrupts::came() {
        human::write(err, &WriteError::Interrupted.diagnostic())?;
        // Everything is removed, so the signal may do what it does to any program.
        interrupts.act();
    }
    written
}

fn tell_removed(left: &[PathBuf], err: &mut dyn Write) -> Result<(), Failure> {
    for path in left {
        let path = path.display().to_string();
        writeln!(
            err,
            "removed {}, left by a run that was killed",
            visible(&path)
        )?;
    }
    Ok(())
}

fn tell_written(folder: &Path, written: &[PathBuf], err: &mut dyn Write) -> Result<(), Failure> {
    if written.len() > NAMED {
        let folder = folder.display().to_string();
        writeln!(
            err,
            "wrote {} files into {}",
            written.len(),
            visible(&folder)
        )?;
        return Ok(());
    }
    for path in written {
        writeln!(err, "wrote {}", visible(&path.display().to_string()))?;
    }
    Ok(())
}

fn tell_stale(
    folder: &Path,
    written: &[PathBuf],
    definition: &Definition,
    err: &mut dyn Write,
) -> Result<(), Failure> {
    let services: Vec<_> = definition.services.iter().map(|s| &*s.name).collect();
    // Where the folder can be written but not listed, there is nothing to say about others.
    let stale = outputs::stale(folder, written, &services).unwrap_or_default();
    if !stale.is_empty() {
        let what = match stale.len() {
            1 => "a file of an earlier generation is still there".to_owned(),
            n => format!("{n} files of earlier generations are still there"),
        };
        let remark = Diagnostic::note(what)
            .at(folder)
            .with_note(format!(
                "for what was not read this time: {}",
                some_of(stale)
            ))
            .with_help(
                "remove what belongs to a service or an SLO that is gone; it is still evaluated",
            );
        human::write(err, &remark)?;
    }
    Ok(())
}

/// The first names, and how many more there are.
fn some_of(names: impl IntoIterator<Item = String>) -> String {
    let mut names = names.into_iter();
    let first: Vec<_> = names.by_ref().take(NAMED).collect();
    match names.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
