//! The files that a path on the command line names: itself, those of a folder, those that match a
//! pattern, or those that a list has.

use super::{Folders, NamedBy, bounded::read_stdin, read_text, way_out};
use crate::diagnostics::Diagnostic;
use glob::{MatchOptions, glob_with};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Longest list that is read, in bytes.
const MAX_LIST_BYTES: u64 = 4 << 20;

/// Files that one path names, in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFiles {
    /// The files; a program or an export by their endings.
    pub files: Vec<PathBuf>,
    namer: Namer,
}

/// Who named files, as [`NamedBy`] without a borrow.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Namer {
    Person,
    File,
    FileWithin(Folders),
}

impl NamedFiles {
    /// Returns a file as a person names it.
    pub fn one(path: &Path) -> NamedFiles {
        NamedFiles {
            files: vec![path.to_owned()],
            namer: Namer::Person,
        }
    }

    /// Who named the files.
    pub fn named_by(&self) -> NamedBy<'_> {
        match &self.namer {
            Namer::Person => NamedBy::Person,
            Namer::File => NamedBy::File,
            Namer::FileWithin(folders) => NamedBy::FileWithin(folders),
        }
    }

    /// The same for those of the files that are so.
    #[must_use]
    pub fn filter(&self, is_so: impl Fn(&Path) -> bool) -> NamedFiles {
        let files = self.files.iter().filter(|file| is_so(file));
        NamedFiles {
            files: files.cloned().collect(),
            namer: self.namer.clone(),
        }
    }
}

/// Returns the files that a path names.
///
/// - A folder names the files in it with one of these endings; its links lead no further than its
///   repository.
/// - A pattern, with `*`, `?`, `[…]` and `**` for any number of folders, names the files that match
///   it, for where no shell has done so. A file that is called like this is itself.
/// - Anything else names itself, be it there or not.
///
/// # Errors
/// If a folder or a pattern names nothing, or if they can't be read.
pub fn named_files(path: &Path, endings: &[&str]) -> Result<NamedFiles, PathError> {
    if path.is_dir() {
        return in_folder(path, endings);
    }
    match path.to_str() {
        Some(pattern) if is_pattern(pattern) && path.symlink_metadata().is_err() => {
            matching(pattern)
        }
        _ => Ok(NamedFiles::one(path)),
    }
}

/// Returns the paths that a file lists, a line each; empty lines and those that start with `#` are
/// none. They are relative to the working folder, as on the command line. `-` is standard input.
///
/// # Errors
/// If the file can't be read.
pub fn listed_paths(list: &Path) -> Result<Vec<PathBuf>, PathError> {
    let text = match list == Path::new("-") {
        true => read_stdin(MAX_LIST_BYTES),
        false => read_text(list, MAX_LIST_BYTES, NamedBy::Person),
    };
    let text = text.map_err(|error| PathError::Io {
        path: list.to_owned(),
        error,
    })?;
    let lines = text.lines().map(str::trim_end);
    let paths = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(paths.map(PathBuf::from).collect())
}

/// The same as [`named_files`] for a path that a list has: what it names is a regular file.
///
/// # Errors
/// As [`named_files`].
pub fn listed_files(path: &Path, endings: &[&str]) -> Result<NamedFiles, PathError> {
    let mut named = named_files(path, endings)?;
    if named.namer == Namer::Person {
        named.namer = Namer::File;
    }
    Ok(named)
}

fn in_folder(folder: &Path, endings: &[&str]) -> Result<NamedFiles, PathError> {
    let read = || -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut files = read().map_err(|error| PathError::Io {
        path: folder.to_owned(),
        error,
    })?;
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        endings.iter().any(|ending| name.ends_with(ending))
    });
    files.sort();
    if files.is_empty() {
        return Err(PathError::EmptyFolder {
            path: folder.to_owned(),
            endings: endings.iter().map(|ending| format!("*{ending}")).collect(),
        });
    }
    Ok(NamedFiles {
        files,
        namer: Namer::FileWithin(Folders::around(folder)),
    })
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

fn matching(pattern: &str) -> Result<NamedFiles, PathError> {
    // As in a shell, names that begin with a dot are not meant.
    let options = MatchOptions {
        require_literal_leading_dot: true,
        ..MatchOptions::new()
    };
    let found = glob_with(pattern, options).map_err(|error| PathError::Pattern {
        pattern: pattern.to_owned(),
        what: error.msg,
    })?;
    let mut files = Vec::new();
    for path in found {
        let path = path.map_err(|error| PathError::Io {
            path: error.path().to_owned(),
            error: error.into(),
        })?;
        if !path.is_dir() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(PathError::NoMatch {
            pattern: pattern.to_owned(),
        });
    }
    Ok(NamedFiles {
        files,
        namer: Namer::File,
    })
}

/// Why a path names no files.
#[derive(Debug)]
#[non_exhaustive]
pub enum PathError {
    /// A folder or a list can't be read.
    Io {
        /// The folder or list.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Nothing in the folder has an ending that is read.
    EmptyFolder {
        /// The folder.
        path: PathBuf,
        /// What is read, such as `*.slo.json`.
        endings: Vec<String>,
    },
    /// Nothing matches the pattern.
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// This can't be a pattern.
    Pattern {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl PathError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            PathError::Io { path, error } => {
                let told = Diagnostic::error(format!("can't be read: {error}")).at(path);
                match way_out(error) {
                    Some(help) => told.with_help(help),
                    None => told,
                }
            }
            PathError::EmptyFolder { path, endings } => {
                let endings = endings.join("` and no `");
                Diagnostic::error(format!("the folder has no `{endings}`"))
                    .at(path)
                    .with_help(format!(
                        "those of folders below it are named by a pattern: '{}'",
                        path.join("**/*.slo.json").display()
                    ))
                    .with_help("programs are named one by one: `target/release/orders`")
            }
            PathError::NoMatch { pattern } => {
                Diagnostic::error(format!("no file matches `{pattern}`"))
            }
            PathError::Pattern { pattern, what } => {
                Diagnostic::error(format!("`{pattern}` is not a pattern: {what}"))
            }
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.diagnostic();
        if let Some(location) = &told.location {
            write!(f, "{}: ", location.file)?;
        }
        f.write_str(&told.message)
    }
}

impl std::error::Error for PathError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const EXPORTS: &[&str] = &[".slo.json"];

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir_all(tree.path().join("team/deep")).unwrap();
        for name in [
            "b.slo.json",
            "a.slo.json",
            "README.md",
            "team/c.slo.json",
            "team/deep/d.slo.json",
            "[x].slo.json",
        ] {
            fs::write(tree.path().join(name), "").unwrap();
        }
        tree
    }

    fn names(tree: &tempfile::TempDir, path: &str) -> Vec<String> {
        let named = named_files(&tree.path().join(path), EXPORTS).unwrap();
        let files = named.files.iter();
        files
            .map(|file| {
                let file = file.strip_prefix(tree.path()).unwrap();
                file.to_str().unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn folders_patterns_and_files() {
        let tree = tree();
        assert_eq!(
            names(&tree, ""),
            ["[x].slo.json", "a.slo.json", "b.slo.json"]
        );
        assert_eq!(names(&tree, "[ab].slo.json"), ["a.slo.json", "b.slo.json"]);
        assert_eq!(names(&tree, "?.slo.json"), ["a.slo.json", "b.slo.json"]);
        assert_eq!(
            names(&tree, "team/**/*.json"),
            ["team/c.slo.json", "team/deep/d.slo.json"]
        );
        assert_eq!(names(&tree, "[x].slo.json"), ["[x].slo.json"]);
        assert_eq!(names(&tree, "missing"), ["missing"]);
    }

    #[test]
    fn nothing_named_is_an_error() {
        let tree = tree();
        let error = |path: &str| named_files(&tree.path().join(path), EXPORTS).unwrap_err();
        fs::create_dir(tree.path().join("empty")).unwrap();
        assert!(error("empty").to_string().contains("no `*.slo.json`"));
        assert!(error("*.toml").to_string().contains("no file matches"));
        assert!(error("a***").to_string().contains("is not a pattern"));
    }

    #[test]
    fn a_list_has_a_path_a_line() {
        let tree = tree();
        let list = tree.path().join("list");
        fs::write(&list, "# all\na.slo.json\r\n\n  b c\n").unwrap();
        let paths = listed_paths(&list).unwrap();
        assert_eq!(paths, [Path::new("a.slo.json"), Path::new("  b c")]);
        assert!(listed_paths(tree.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn who_named_a_file_decides_what_it_may_be() {
        let tree = tree();
        let named = |path: &str| named_files(&tree.path().join(path), EXPORTS).unwrap();
        let is_person = |named: &NamedFiles| matches!(named.named_by(), NamedBy::Person);
        assert!(is_person(&named("a.slo.json")));
        assert!(!is_person(&named("*.slo.json")));
        assert!(matches!(named("team").named_by(), NamedBy::FileWithin(_)));
        let listed = listed_files(&tree.path().join("a.slo.json"), EXPORTS).unwrap();
        assert!(!is_person(&listed));
        let listed = listed_files(&tree.path().join("team"), EXPORTS).unwrap();
        assert!(matches!(listed.named_by(), NamedBy::FileWithin(_)));
    }
}
