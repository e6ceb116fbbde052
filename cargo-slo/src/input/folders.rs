//! The folders that a file may name other files in.
//!
//! A repository is from anybody, and what it names is shown: an error quotes a line of it, a
//! document lists its routes. So it can't name the keys of whoever runs this program.

use super::bounded::Outside;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Folders, without links. There may be none: then nothing is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders(Vec<PathBuf>);

impl Folders {
    /// Returns the repository that a folder lies in: the nearest one with a `.git`; where there is
    /// none, as in an image that a build copies its sources into, the outermost one with a
    /// `Cargo.toml`, else the folder itself.
    pub fn around(folder: &Path) -> Folders {
        let Ok(folder) = resolved(folder) else {
            return Folders::default();
        };
        let repository = folder
            .ancestors()
            .find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok());
        let workspace = || {
            let packages = folder.ancestors();
            packages
                .filter(|folder| folder.join("Cargo.toml").is_file())
                .last()
        };
        let root = repository.or_else(workspace).unwrap_or(&folder);
        Folders(vec![root.to_owned()])
    }

    /// The same with folders that a person named; one that is not there holds nothing.
    #[must_use]
    pub fn and(mut self, more: &[PathBuf]) -> Folders {
        self.0
            .extend(more.iter().filter_map(|more| resolved(more).ok()));
        self
    }

    /// A file without links.
    ///
    /// # Errors
    /// If it is missing, or lies in none of the folders.
    pub(super) fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let path = fs::canonicalize(path)?;
        match self.0.iter().any(|folder| path.starts_with(folder)) {
            true => Ok(path),
            false => Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                Outside {
                    root: self.0.first().cloned(),
                },
            )),
        }
    }
}

fn resolved(folder: &Path) -> io::Result<PathBuf> {
    match folder.as_os_str().is_empty() {
        true => fs::canonicalize("."),
        false => fs::canonicalize(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree with a folder within a folder, and a file beside them.
    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir_all(tree.path().join("a/b")).unwrap();
        for name in ["outside", "a/file", "a/b/file"] {
            fs::write(tree.path().join(name), "").unwrap();
        }
        tree
    }

    #[test]
    fn what_is_around_a_folder() {
        let tree = tree();
        let inner = tree.path().join("a/b");
        let is_in = |name: &str| {
            Folders::around(&inner)
                .resolve(&tree.path().join(name))
                .is_ok()
        };
        assert_eq!(
            ["a/b/file", "a/file", "outside"].map(is_in),
            [true, false, false]
        );
        fs::write(tree.path().join("a/Cargo.toml"), "").unwrap();
        fs::write(inner.join("Cargo.toml"), "").unwrap();
        assert_eq!(
            ["a/b/file", "a/file", "outside"].map(is_in),
            [true, true, false]
        );
        // A worktree has a file of that name.
        fs::write(inner.join(".git"), "").unwrap();
        assert_eq!(
            ["a/b/file", "a/file", "outside"].map(is_in),
            [true, false, false]
        );
        assert!(!is_in("a/b/../file") && is_in("a/b/../b/file"));
        let none = Folders::around(&tree.path().join("none"));
        assert_eq!(none, Folders::default());
        assert!(none.resolve(&inner.join("file")).is_err());
    }

    #[test]
    fn a_person_names_more() {
        let tree = tree();
        let folders = Folders::around(&tree.path().join("a/b"));
        let outside = tree.path().join("outside");
        let error = folders.resolve(&outside).unwrap_err();
        assert!(error.to_string().ends_with("/b"), "{error}");
        let folders = folders.and(&[tree.path().join("none"), tree.path().to_owned()]);
        assert!(folders.resolve(&outside).is_ok());
        // Names that merely begin alike are not folders within each other.
        fs::create_dir(tree.path().join("a/bc")).unwrap();
        fs::write(tree.path().join("a/bc/file"), "").unwrap();
        let folders = Folders::around(&tree.path().join("a/b"));
        assert!(folders.resolve(&tree.path().join("a/bc/file")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_where_they_lead() {
        let tree = tree();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, tree.path().join(name)).unwrap();
            Folders::around(&tree.path().join("a/b"))
                .resolve(&tree.path().join(name))
                .is_ok()
        };
        assert!(link("file", "a/b/inside"));
        assert!(!link("../../outside", "a/b/link"));
        assert!(!link("../..", "a/b/folder"));
        let through = tree.path().join("a/b/folder/outside");
        assert!(
            Folders::around(&tree.path().join("a/b"))
                .resolve(&through)
                .is_err()
        );
    }
}
