//! Files that appear all at once or not at all.
//!
//! Each file is written beside its place under a name of its own, as soon as it is made, so
//! that no more than one is held in memory. Only when the last one is safe on disk are they
//! renamed into their places, one right after the other. Whatever fails before leaves no
//! trace; if a rename fails, those before it are taken back.
//!
//! A Prometheus that reloads its rules meanwhile sees old files or new ones, never half of
//! one, and a run that is killed leaves names that start with `.cargo-slo-` and end like no
//! file that anybody reads.

use super::{File, WriteError};
use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::TempPath;

/// Writes files into a folder, which is made where it is missing, and lists their paths.
///
/// # Errors
/// At the first file that can't be written; then none is.
pub fn write(
    folder: &Path,
    files: impl IntoIterator<Item = File>,
) -> Result<Vec<PathBuf>, WriteError> {
    let mut delivery = Delivery::into(folder)?;
    for file in files {
        delivery.stage(file)?;
    }
    delivery.finish()
}

/// How many files are made to last at the same time.
const SYNCS: usize = 8;

/// Files on their way into a folder. Dropped before it is [finished](Delivery::finish), it
/// leaves the folder as it was.
#[derive(Debug)]
pub struct Delivery {
    folder: PathBuf,
    /// Folders that were missing, the outermost first.
    made: Vec<PathBuf>,
    staged: Vec<Staged>,
    taken: HashSet<String>,
}

/// A whole file beside its place.
#[derive(Debug)]
struct Staged {
    place: PathBuf,
    content: TempPath,
}

/// A file in its place.
struct Placed {
    place: PathBuf,
    /// What was there before, under another name.
    before: Option<TempPath>,
}

impl Delivery {
    /// Starts with a folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where it can't be made, and where it is no folder.
    pub fn into(folder: &Path) -> Result<Delivery, WriteError> {
        let mut delivery = Delivery {
            folder: folder.to_owned(),
            made: Vec::new(),
            staged: Vec::new(),
            taken: HashSet::new(),
        };
        let missing = folder.ancestors().take_while(|path| {
            !path.as_os_str().is_empty()
                && fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        });
        let mut missing: Vec<_> = missing.map(Path::to_owned).collect();
        missing.reverse();
        for path in missing {
            fs::create_dir(&path).map_err(|error| io_error(&path, error))?;
            delivery.made.push(path);
        }
        if !fs::metadata(folder)
            .map_err(|error| io_error(folder, error))?
            .is_dir()
        {
            return Err(io_error(folder, io::ErrorKind::NotADirectory.into()));
        }
        Ok(delivery)
    }

    /// Writes a file beside its place.
    ///
    /// # Errors
    /// Where it can't be, where another file of this delivery has its name, and where a
    /// folder has it.
    pub fn stage(&mut self, file: File) -> Result<(), WriteError> {
        let place = self.folder.join(&file.name);
        if !self.taken.insert(one_on_this_system(file.name)) {
            return Err(WriteError::SameName { path: place });
        }
        match fs::symlink_metadata(&place) {
            Ok(there) if there.is_dir() => return Err(WriteError::Folder { path: place }),
            // Such as a name that is too long, which the name beside it is not.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error(&place, error));
            }
            _ => {}
        }
        match self.write_beside(file.content.as_bytes()) {
            Ok(content) => {
                self.staged.push(Staged { place, content });
                Ok(())
            }
            Err(error) => Err(io_error(&place, error)),
        }
    }

    /// How many files are staged.
    pub fn len(&self) -> usize {
        self.staged.len()
    }

    /// True before the first file.
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty()
    }

    fn write_beside(&self, content: &[u8]) -> io::Result<TempPath> {
        let mut builder = beside();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: the user's mask takes away what it takes away.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(&self.folder)?;
        file.write_all(content)?;
        // Closed here: a thousand open files are more than many systems allow.
        Ok(file.into_temp_path())
    }

    /// Puts all files in their places and lists these.
    ///
    /// # Errors
    /// Where one can't be put there; those before it are then as they were.
    pub fn finish(mut self) -> Result<Vec<PathBuf>, WriteError> {
        sync(&self.staged)?;
        let staged = std::mem::take(&mut self.staged);
        // A single rename needs no way back.
        let keep = staged.len() > 1;
        let mut placed: Vec<Placed> = Vec::with_capacity(staged.len());
        for Staged { place, content } in staged {
            match self.put(&place, content, keep) {
                Ok(before) => placed.push(Placed { place, before }),
                Err(error) => return Err(undo(placed, io_error(&place, error))),
            }
        }
        // The folders hold something now.
        self.made.clear();
        sync_folder(&self.folder);
        Ok(placed.into_iter().map(|placed| placed.place).collect())
    }

    /// Renames a file into its place and gives back what was there.
    fn put(&self, place: &Path, content: TempPath, keep: bool) -> io::Result<Option<TempPath>> {
        let before = match keep && fs::symlink_metadata(place).is_ok() {
            true => Some(self.keep(place)?),
            false => None,
        };
        content.persist(place).map_err(|error| error.error)?;
        Ok(before)
    }

    /// Gives a file a second name, or a copy where the file system knows no second names.
    fn keep(&self, place: &Path) -> io::Result<TempPath> {
        let linked = beside().make_in(&self.folder, |path| fs::hard_link(place, path));
        let kept = linked
            .or_else(|_| beside().make_in(&self.folder, |path| fs::copy(place, path).map(drop)))?;
        Ok(kept.into_temp_path())
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.staged.clear();
        for folder in self.made.drain(..).rev() {
            // Not empty any more: somebody else uses it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes the content of files last before they get their names: after a crash, a name without
/// content would be a rule file without rules. Also, some file systems only now say that the
/// disk is full.
///
/// File systems make several files last at once, but only if they are asked at the same time:
/// one after the other, a thousand take ten times as long.
fn sync(staged: &[Staged]) -> Result<(), WriteError> {
    let share = staged.len().div_ceil(SYNCS).max(1);
    std::thread::scope(|scope| {
        let shares = staged.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(|| sync_all(share)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

fn sync_all(staged: &[Staged]) -> Result<(), WriteError> {
    staged.iter().try_for_each(|Staged { place, content }| {
        let file = fs::File::options().write(true).open(content);
        file.and_then(|file| file.sync_data())
            .map_err(|error| io_error(place, error))
    })
}

/// Takes files out of their places, the last one first, and tells why.
fn undo(placed: Vec<Placed>, cause: WriteError) -> WriteError {
    let mut told = cause;
    for Placed { place, before } in placed.into_iter().rev() {
        let undone = match before {
            Some(before) => before.persist(&place).map_err(|error| error.error),
            None => fs::remove_file(&place),
        };
        if let Err(error) = undone {
            told = WriteError::NotUndone {
                path: place,
                error,
                cause: Box::new(told),
            };
        }
    }
    told
}

/// Names beside the files in their places, for the same file system to rename from.
fn beside() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cargo-slo-");
    builder
}

/// What names the same file have in common: everything, or all but the case.
fn one_on_this_system(name: String) -> String {
    if cfg!(any(windows, target_os = "macos")) {
        name.to_lowercase()
    } else {
        name
    }
}

/// Makes the new names last. The content is safe already, and old names are no damage, so a
/// system that can't do it is no error.
fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

fn io_error(path: &Path, error: io::Error) -> WriteError {
    WriteError::Io {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn file(name: &str, content: &str) -> File {
        File {
            name: name.into(),
            content: content.into(),
        }
    }

    /// Every name in a folder and what it holds.
    fn content(folder: &Path) -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let content = entries.map(|entry| {
            let content = fs::read_to_string(entry.path()).unwrap_or("(folder)".into());
            (entry.file_name().into_string().unwrap(), content)
        });
        content.collect()
    }

    #[test]
    fn files_are_replaced_whole_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new/folder");
        for content in ["first", "second"] {
            let files = ["a", "b"].map(|name| file(name, content));
            let written = write(&folder, files).unwrap();
            assert_eq!(written, [folder.join("a"), folder.join("b")]);
            assert_eq!(fs::read_to_string(&written[1]).unwrap(), content);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_in_its_place_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("new/folder");
        let mut delivery = Delivery::into(&missing).unwrap();
        delivery.stage(file("a", "x")).unwrap();
        assert!(!missing.join("a").exists());
        drop(delivery);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_can_not_be_put_in_its_place_takes_the_others_back() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, [file("old", "old"), file("other", "other")]).unwrap();
        let mut delivery = Delivery::into(folder).unwrap();
        for name in ["old", "new", "stuck", "later"] {
            delivery.stage(file(name, "changed")).unwrap();
        }
        fs::create_dir(folder.join("stuck")).unwrap();
        let before = [("old", "old"), ("other", "other"), ("stuck", "(folder)")];
        let before = before.map(|(name, content)| (name.to_owned(), content.to_owned()));
        let error = delivery.finish().unwrap_err();
        assert!(
            error.to_string().contains("stuck: can't be written"),
            "{error}"
        );
        assert_eq!(content(folder), BTreeMap::from(before));
    }

    #[test]
    fn what_can_not_be_taken_back_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let gone = Placed {
            place: folder.path().join("gone"),
            before: None,
        };
        let told = undo(
            vec![gone],
            io_error(Path::new("stuck"), io::ErrorKind::StorageFull.into()),
        );
        let text = told.diagnostic();
        assert!(
            told.to_string().contains("gone: could not be put back"),
            "{told}"
        );
        assert!(
            text.notes[0].contains("because of stuck: can't be written"),
            "{text:?}"
        );
    }

    #[test]
    fn names_that_are_taken_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir(folder.join("a")).unwrap();
        let error = write(folder, [file("b", ""), file("a", "")]).unwrap_err();
        assert!(matches!(error, WriteError::Folder { .. }), "{error}");
        let error = write(folder, [file("b", ""), file("b", "")]).unwrap_err();
        assert!(matches!(error, WriteError::SameName { .. }), "{error}");
        let error = write(folder, [file("b", ""), file(&"c".repeat(300), "")]).unwrap_err();
        assert!(matches!(error, WriteError::Io { .. }), "{error}");
        assert_eq!(content(folder).len(), 1);
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let error = write(&path, []).unwrap_err();
            assert!(
                error.to_string().starts_with(&*path.to_string_lossy()),
                "{error}"
            );
        }
    }
}
