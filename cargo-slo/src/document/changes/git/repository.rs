//! Where a repository lies and which commit it is at.

use super::GitError;
use crate::input::{NamedBy, read_file, read_text};
use gix_hash::ObjectId;
use gix_object::bstr::ByteSlice;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Longest file that names a folder or a commit, in bytes.
const MAX_NAME_BYTES: u64 = 64 << 10;

/// Longest list of branches or alternates, in bytes.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// How often one branch may stand for another, as for git itself.
const MAX_SYMBOLIC: usize = 5;

/// How many object stores a repository may borrow from.
const MAX_ALTERNATES: usize = 100;

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Repository {
    /// The folder that is checked out.
    pub(super) root: PathBuf,
    /// The folder of its objects.
    pub(super) objects: PathBuf,
    /// The commit that is checked out; nothing before the first one.
    pub(super) head: Option<ObjectId>,
    /// True for a clone that lacks earlier commits.
    is_shallow: bool,
}

impl Repository {
    /// True where something was committed.
    pub(in super::super) fn has_commits(&self) -> bool {
        self.head.is_some()
    }

    pub(super) fn damaged(&self, what: &dyn ToString) -> GitError {
        damaged(&self.root, what)
    }
}

/// The repository a folder lies in, and the path of the folder in it, which is empty or ends
/// with a slash. The nearest `.git` counts; a folder that merely looks like a repository, as a
/// clone can hold one, does not.
pub(in super::super) fn repository(
    folder: &Path,
) -> Result<Option<(Repository, String)>, GitError> {
    let Some((repository, prefix)) = checked_out(folder)? else {
        return Ok(None);
    };
    match repository.is_shallow {
        true => Err(GitError::Shallow {
            folder: repository.root,
        }),
        false => Ok(Some((repository, prefix))),
    }
}

/// The same for whoever looks at no commit but the one that is checked out.
pub(super) fn checked_out(folder: &Path) -> Result<Option<(Repository, String)>, GitError> {
    let Some(root) = folder
        .ancestors()
        .find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
    else {
        return Ok(None);
    };
    let wrong = |error: io::Error| damaged(root, &error);
    let own = own_folder(root).map_err(wrong)?;
    let shared = match text(&own.join("commondir"), MAX_NAME_BYTES).map_err(wrong)? {
        Some(shared) => own.join(shared.trim_end_matches(['\n', '\r'])),
        None => own.clone(),
    };
    let shallow = text(&shared.join("shallow"), MAX_LIST_BYTES).map_err(wrong)?;
    let objects = shared.join("objects");
    check_files(&objects).map_err(wrong)?;
    let repository = Repository {
        root: root.to_owned(),
        head: head(&own, &shared).map_err(|what| damaged(root, &what))?,
        objects,
        is_shallow: shallow.is_some_and(|commits| !commits.trim().is_empty()),
    };
    let inside = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let names: Option<Vec<_>> = inside.iter().map(|name| name.to_str()).collect();
    let names = names.ok_or_else(|| damaged(root, &"a folder's name is not valid UTF-8"))?;
    let prefix = names.iter().map(|name| format!("{name}/")).collect();
    Ok(Some((repository, prefix)))
}

fn damaged(root: &Path, what: &dyn ToString) -> GitError {
    GitError::Damaged {
        folder: root.to_owned(),
        what: what.to_string(),
    }
}

/// `.git`, or the folder that it names, as for worktrees and submodules.
fn own_folder(root: &Path) -> io::Result<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Ok(git);
    }
    let named = read_text(&git, MAX_NAME_BYTES, NamedBy::File)?;
    match named.strip_prefix("gitdir: ") {
        Some(folder) => Ok(root.join(folder.trim_end_matches(['\n', '\r']))),
        None => Err(io::Error::other("`.git` is not a repository")),
    }
}

/// What a file holds; `None` if there is none.
fn text(path: &Path, most: u64) -> io::Result<Option<String>> {
    match read_file(path, most, NamedBy::File) {
        Ok(bytes) => Ok(Some(bytes.to_str_lossy().into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The commit that is checked out.
fn head(own: &Path, shared: &Path) -> Result<Option<ObjectId>, String> {
    let told = |error: io::Error| error.to_string();
    let missing = || "`.git` is not a repository: it has no HEAD".to_owned();
    let mut value = text(&own.join("HEAD"), MAX_NAME_BYTES)
        .map_err(told)?
        .ok_or_else(missing)?;
    for _ in 0..=MAX_SYMBOLIC {
        let Some(name) = value.strip_prefix("ref:").map(str::trim) else {
            let hash = value.trim();
            return ObjectId::from_hex(hash.as_bytes())
                .map(Some)
                .map_err(|_| format!("`{hash}` is not a commit"));
        };
        let is_plain = name.starts_with("refs/")
            && name.split('/').all(|part| !part.is_empty() && part != "..");
        if !is_plain {
            return Err(format!("`{name}` is not a branch"));
        }
        if name == "refs/heads/.invalid" {
            return Err("its branches are kept in a table, which this version can't read".into());
        }
        let mut loose = None;
        for folder in [own, shared] {
            if loose.is_none() {
                loose = text(&folder.join(name), MAX_NAME_BYTES).map_err(told)?;
            }
        }
        let found = match loose {
            Some(loose) => Some(loose),
            None => packed(shared, name).map_err(told)?,
        };
        match found {
            Some(found) => value = found,
            None => return Ok(None),
        }
    }
    Err("its HEAD leads from branch to branch".to_owned())
}

/// A branch in the file that holds those that rarely change.
fn packed(shared: &Path, name: &str) -> io::Result<Option<String>> {
    let packed = text(&shared.join("packed-refs"), MAX_LIST_BYTES)?.unwrap_or_default();
    let mut lines = packed.lines().filter_map(|line| line.split_once(' '));
    Ok(lines
        .find(|(_, branch)| *branch == name)
        .map(|(hash, _)| hash.to_owned()))
}

/// Refuses an object store that holds anything but files, or borrows from too many others:
/// the library would read a device to its end, and wait for a pipe.
fn check_files(objects: &Path) -> io::Result<()> {
    let mut open = vec![objects.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(objects) = open.pop() {
        let Ok(objects) = fs::canonicalize(&objects) else {
            continue;
        };
        if !seen.insert(objects.clone()) {
            continue;
        }
        if seen.len() > MAX_ALTERNATES {
            return Err(io::Error::other("it borrows objects from too many others"));
        }
        for entry in fs::read_dir(objects.join("pack")).into_iter().flatten() {
            let path = entry?.path();
            if fs::metadata(&path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
                return Err(io::Error::other(format!(
                    "{} is a device or a pipe, not a file",
                    path.display()
                )));
            }
        }
        let listed = text(&objects.join("info/alternates"), MAX_NAME_BYTES)?.unwrap_or_default();
        let listed = listed.lines().filter(|line| !line.starts_with('#'));
        open.extend(listed.map(|line| objects.join(line.trim_matches('"'))));
    }
    Ok(())
}
