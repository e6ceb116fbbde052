//! The folder in which files wait beside their places.
//!
//! It is called `.cargo-slo-…`, like nothing that anybody reads, and holds a file `lock` that its
//! run keeps locked until it ends, however it ends. So a folder whose lock can be taken is one that
//! a killed run left, and one whose lock can't be is in use.

use crate::input::read_head;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const PREFIX: &str = ".cargo-slo-";
const RANDOM_LETTERS: usize = 6;
const LOCK: &str = "lock";

/// What the lock says, so that nothing else that is called like this is taken for ours.
const LOCK_TEXT: &str = "The command cargo slo writes files here, and removes them.\n";

/// How often another run may take a new folder for one that was left.
const ATTEMPTS: usize = 8;

/// A folder that is removed with what it holds.
#[derive(Debug)]
pub(super) struct Staging {
    folder: TempDir,
    /// Open for as long as the folder is in use.
    _lock: File,
    made: usize,
}

impl Staging {
    /// A new one in this folder.
    pub(super) fn within(folder: &Path) -> io::Result<Staging> {
        for _ in 0..ATTEMPTS {
            let made = tempfile::Builder::new()
                .prefix(PREFIX)
                .rand_bytes(RANDOM_LETTERS)
                .tempdir_in(folder)?;
            let path = made.path().join(LOCK);
            let lock = File::create_new(&path).and_then(|mut lock| {
                lock.write_all(LOCK_TEXT.as_bytes())?;
                Ok(lock)
            });
            match lock {
                // Locked, and still there: nobody took it for one that was left.
                Ok(lock) if !is_taken(&lock) && path.exists() => {
                    return Ok(Staging {
                        folder: made,
                        _lock: lock,
                        made: 0,
                    });
                }
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// A path in it that is not taken.
    pub(super) fn path(&mut self) -> PathBuf {
        self.made += 1;
        self.folder.path().join(self.made.to_string())
    }
}

/// Removes what runs that were killed left in a folder, and lists it. Where that can't be done,
/// it stays: it is in nobody's way.
pub(super) fn remove_left(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        is_folder && rest.is_some_and(|rest| rest.len() == RANDOM_LETTERS)
    });
    let mut left: Vec<_> = ours
        .map(|entry| entry.path())
        .filter(|path| remove(path).unwrap_or(false))
        .collect();
    left.sort();
    left
}

/// Removes a folder if a killed run left it: nobody holds its lock, and nothing is in it that a
/// run would not have put there.
fn remove(folder: &Path) -> io::Result<bool> {
    let path = folder.join(LOCK);
    match fs::symlink_metadata(&path) {
        Ok(lock) if lock.is_file() => {}
        // It was killed before it had a lock; one that goes on makes another folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(fs::remove_dir(folder).is_ok());
        }
        _ => return Ok(false),
    }
    #[expect(clippy::disallowed_methods, reason = "it is locked, and not read")]
    let lock = File::open(&path)?;
    if !is_free(&lock) {
        return Ok(false);
    }
    let text = read_head(&path, LOCK_TEXT.len() as u64 + 1)?;
    // It may have been killed while it wrote that, too.
    if !LOCK_TEXT.as_bytes().starts_with(&text) {
        return Ok(false);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_number = name
            .to_str()
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        if !entry.file_type()?.is_file() || !(is_number || name == LOCK) {
            return Ok(false);
        }
        if is_number {
            files.push(entry.path());
        }
    }
    for file in files {
        fs::remove_file(file)?;
    }
    // The last one: without it, nobody would know whose the rest is.
    fs::remove_file(path)?;
    fs::remove_dir(folder)?;
    Ok(true)
}

/// Takes the lock, if nobody holds it. It is let go when the file is closed, by the system where
/// the process is killed.
#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(
        file,
        rustix::fs::FlockOperation::NonBlockingLockExclusive,
    )?)
}

#[cfg(not(unix))]
fn lock(_: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// True where the lock could be taken. Where no locks are known, nothing is taken for left.
fn is_free(file: &File) -> bool {
    lock(file).is_ok()
}

/// True where somebody else holds the lock.
fn is_taken(file: &File) -> bool {
    lock(file).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_folder_in_use_stays_and_one_that_was_left_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut used = Staging::within(folder.path()).unwrap();
        fs::write(used.path(), "half").unwrap();
        assert_eq!(remove_left(folder.path()), <[PathBuf; 0]>::default());
        assert_eq!(names(used.folder.path()), 2);
        // As a run that is killed leaves it: the system lets go of the lock, nobody removes files.
        let Staging {
            folder: left,
            _lock: lock,
            ..
        } = used;
        let left = left.keep();
        drop(lock);
        assert_eq!(remove_left(folder.path()), [left]);
        assert_eq!(names(folder.path()), 0);
    }

    #[test]
    fn folders_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        for (name, files) in [
            (".cargo-slo-notes", &[][..]),
            (".cargo-slo-others", &[("lock", "something else")]),
            (
                ".cargo-slo-theirs",
                &[("lock", LOCK_TEXT), ("notes.txt", "mine")],
            ),
            ("cargo-slo-a", &[("lock", LOCK_TEXT)]),
        ] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            for (file, text) in files {
                fs::write(path.join(file), text).unwrap();
            }
        }
        fs::write(folder.path().join(".cargo-slo-a-file"), "").unwrap();
        #[cfg(unix)]
        {
            let elsewhere = folder.path().join("cargo-slo-a");
            std::os::unix::fs::symlink(elsewhere, folder.path().join(".cargo-slo-a-link")).unwrap();
        }
        let before = names(folder.path());
        assert_eq!(remove_left(folder.path()), <[PathBuf; 0]>::default());
        assert_eq!(names(folder.path()), before);
        // Killed before it had a lock.
        let empty = folder.path().join(".cargo-slo-abcdef");
        fs::create_dir(&empty).unwrap();
        assert_eq!(remove_left(folder.path()), [empty]);
    }
}
