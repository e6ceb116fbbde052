//! Where generated files go: into a folder, or the only one to standard output.

use super::{Exit, failure::Failure, progress::Progress};
use crate::{
    definition::Definition,
    diagnostics::{Diagnostic, human},
    outputs::{self, Delivery, File},
    text::visible,
};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// More names than this are a number instead.
const NAMED: usize = 10;

/// Says which services declare nothing: it may be as it should be, so it is no error.
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
/// the other, and none is kept.
pub(super) fn deliver(
    mut files: impl Iterator<Item = File>,
    definition: &Definition,
    folder: Option<&Path>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    if let Some(folder) = folder {
        return into_folder(files, definition, folder, err);
    }
    let Some(first) = files.next() else {
        return Ok(Exit::Clean);
    };
    match files.next() {
        None => {
            out.write_all(first.content.as_bytes())?;
            Ok(Exit::Clean)
        }
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

fn into_folder(
    files: impl Iterator<Item = File>,
    definition: &Definition,
    folder: &Path,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut progress = Progress::new("files generated");
    let mut delivery = Delivery::into(folder)?;
    for file in files {
        let staged = delivery.stage(file);
        if staged.is_err() {
            progress.clear(err)?;
        }
        staged?;
        progress.show(delivery.len(), err)?;
    }
    progress.clear(err)?;
    let written = delivery.finish()?;
    tell_written(folder, &written, err)?;
    tell_stale(folder, &written, definition, err)?;
    Ok(Exit::Clean)
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
