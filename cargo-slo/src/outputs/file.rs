//! Generated files, written so that nobody ever reads half of one.

use crate::diagnostics::Diagnostic;
use std::{
    fmt, io,
    io::Write,
    path::{Path, PathBuf},
};

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// Its content.
    pub content: String,
}

/// A file could not be written; what was there before is untouched.
#[derive(Debug)]
pub struct WriteError {
    /// Where it was to go.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl WriteError {
    /// The error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(format!("can't be written: {}", self.error)).at(&self.path)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: can't be written: {}",
            self.path.display(),
            self.error
        )
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Writes files into a folder, which is made where it is missing, and lists their paths.
///
/// Each file is written beside its place and then renamed into it: a Prometheus that reloads
/// its rules meanwhile sees the old file or the new one.
///
/// # Errors
/// At the first file that can't be written.
pub fn write(folder: &Path, files: &[File]) -> Result<Vec<PathBuf>, WriteError> {
    std::fs::create_dir_all(folder).map_err(|error| WriteError {
        path: folder.to_owned(),
        error,
    })?;
    let written = files.iter().map(|file| {
        let path = folder.join(&file.name);
        match write_one(folder, &path, &file.content) {
            Ok(()) => Ok(path),
            Err(error) => Err(WriteError { path, error }),
        }
    });
    written.collect()
}

fn write_one(folder: &Path, path: &Path, content: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cargo-slo-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: the user's mask takes away what it takes away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new/folder");
        for content in ["first", "second"] {
            let file = File {
                name: "a.yaml".into(),
                content: content.into(),
            };
            let written = write(&folder, &[file]).unwrap();
            assert_eq!(std::fs::read_to_string(&written[0]).unwrap(), content);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = write(file.path(), &[]).unwrap_err();
        assert_eq!(error.path, file.path());
    }
}
