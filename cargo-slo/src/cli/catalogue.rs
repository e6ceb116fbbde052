//! Which catalogue is read, and the services in it.

use super::{failure::Failure, unread::Unread};
use crate::{
    input::{
        ReadError,
        catalogue::{Catalogue, CatalogueError},
    },
    text::visible,
};
use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The variable that names the folder where no option does.
const VARIABLE: &str = "SLO_CATALOG";

/// Returns the folder that a person chose for the catalogue: that of the option, else that of the
/// variable, which is reported; `None` if there is none.
pub(super) fn chosen(
    option: Option<&Path>,
    err: &mut dyn Write,
) -> Result<Option<PathBuf>, Failure> {
    if let Some(folder) = option {
        return Ok(Some(folder.to_owned()));
    }
    let variable = env::var_os(VARIABLE).filter(|folder| !folder.is_empty());
    let folder = variable.map(PathBuf::from);
    if let Some(folder) = &folder {
        tell(folder, err)?;
    }
    Ok(folder)
}

fn tell(folder: &Path, err: &mut dyn Write) -> io::Result<()> {
    let folder = folder.display().to_string();
    writeln!(
        err,
        "the catalogue is {}, as {VARIABLE} says",
        visible(&folder)
    )
}

/// Reads a catalogue, an empty one where there is none; if the command keeps going, without
/// exported services that can't be read.
pub(super) fn read(
    folder: Option<&Path>,
    may_read: &[PathBuf],
    unread: &mut Unread,
    err: &mut dyn Write,
) -> Result<Catalogue, Failure> {
    let Some(folder) = folder else {
        return Ok(Catalogue::default());
    };
    let errors = match Catalogue::read(folder, may_read) {
        Ok(catalogue) => return Ok(catalogue),
        Err(errors) => errors,
    };
    let exports = errors.iter().map(|error| match error {
        CatalogueError::Export(errors) if unread.keeps_going() => Some(errors),
        _ => None,
    });
    let Some(exports) = exports.collect::<Option<Vec<_>>>() else {
        return Err(errors.into());
    };
    let exports = exports.iter().flat_map(|errors| errors.errors());
    let files: Vec<_> = exports.clone().flat_map(ReadError::files).collect();
    let left_out: Vec<_> = files.iter().map(|file| (*file).to_owned()).collect();
    let why: Vec<_> = exports.map(ReadError::diagnostic).collect();
    unread.leave_out(files, &why, err)?;
    Ok(Catalogue::read_without(folder, may_read, &left_out)?)
}
