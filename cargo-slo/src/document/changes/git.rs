//! Asks git.

use crate::diagnostics::Diagnostic;
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fmt,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Why git could not be asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum GitError {
    /// The files are kept in git, but git can't be started.
    Start {
        /// The repository.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The repository was cloned without all of its history.
    Shallow {
        /// The repository.
        folder: PathBuf,
    },
    /// Git gave up.
    Failed {
        /// The repository.
        folder: PathBuf,
        /// What it said.
        message: String,
    },
}

impl GitError {
    /// The error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let without = "or leave the history out: `--history none`";
        match self {
            GitError::Start { folder, error } => Diagnostic::error(format!(
                "the history can't be read: `git` can't be started: {error}"
            ))
            .at(folder)
            .with_help("install git")
            .with_help(without),
            GitError::Shallow { folder } => Diagnostic::error(
                "the history is cut off, because the repository is a shallow clone",
            )
            .at(folder)
            .with_note("a document made from it would silently lack earlier changes")
            .with_help(
                "fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` of \
                 `actions/checkout`",
            )
            .with_help(without),
            GitError::Failed { folder, message } => {
                Diagnostic::error(format!("the history can't be read: {message}"))
                    .at(folder)
                    .with_help(without)
            }
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic().message)
    }
}

impl std::error::Error for GitError {}

/// A repository and where a folder lies in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Repository {
    /// Its root.
    pub(super) root: PathBuf,
    /// False before its first commit.
    pub(super) has_commits: bool,
}

/// A commit that touched one of the files asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) hash: String,
    /// Its first parent.
    pub(super) parent: Option<String>,
    /// The day it was written.
    pub(super) date: String,
    pub(super) author: String,
    /// The files it touched, as paths in the repository.
    pub(super) files: Vec<String>,
}

/// Whether a folder lies in a repository, as far as its names tell: git need not be there to
/// know that it is not needed.
pub(super) fn is_in_repository(folder: &Path) -> bool {
    let named = std::env::var_os("GIT_DIR").is_some();
    named
        || folder
            .ancestors()
            .any(|folder| folder.join(".git").exists())
}

/// The repository a folder lies in, and the path of the folder in it, which is empty or ends
/// with a slash.
pub(super) fn repository(folder: &Path) -> Result<(Repository, String), GitError> {
    let asked = [
        "rev-parse",
        "--is-shallow-repository",
        "--show-toplevel",
        "--show-prefix",
    ];
    let answer = ask(folder, asked)?;
    let mut lines = answer.lines();
    let (shallow, root) = (lines.next(), lines.next().unwrap_or_default());
    if shallow == Some("true") {
        return Err(GitError::Shallow {
            folder: folder.to_owned(),
        });
    }
    let head = ask(folder, ["rev-parse", "--quiet", "--verify", "HEAD"]);
    let repository = Repository {
        root: PathBuf::from(root),
        has_commits: head.is_ok(),
    };
    Ok((repository, lines.next().unwrap_or_default().to_owned()))
}

/// The commits that touched these files, the newest first; merges only join what other
/// commits did, and are left out.
pub(super) fn commits(root: &Path, files: &[&str]) -> Result<Vec<Commit>, GitError> {
    // What a person has configured must not change the document.
    let fixed = [
        "-c",
        "core.quotePath=false",
        "-c",
        "log.showRoot=true",
        "log",
        "--topo-order",
        "--no-merges",
        "--no-renames",
        "--no-color",
        "--no-show-signature",
        "--no-ext-diff",
        "--no-notes",
        "--name-only",
        "-z",
        "--format=%x01%H%x00%P%x00%as%x00%an%x00",
        "HEAD",
        "--",
    ];
    let answer = ask(root, fixed.iter().chain(files))?;
    Ok(answer.split('\u{1}').filter_map(commit).collect())
}

fn commit(text: &str) -> Option<Commit> {
    let mut parts = text.split('\0');
    let hash = parts.next()?.to_owned();
    let is_hash = hash.len() >= 40 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let parents = parts.next()?;
    let (date, author) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let files = parts
        .map(|file| file.trim_start_matches('\n').to_owned())
        .filter(|file| !file.is_empty());
    is_hash.then(|| Commit {
        parent: parents
            .split(' ')
            .next()
            .filter(|p| !p.is_empty())
            .map(str::to_owned),
        date,
        author,
        files: files.collect(),
        hash,
    })
}

/// What files held at commits, each asked for as `COMMIT:PATH`; those that were not there are
/// not in the answer.
pub(super) fn contents(
    root: &Path,
    asked: &[String],
) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
    let failed = |error: &dyn fmt::Display| GitError::Failed {
        folder: root.to_owned(),
        message: error.to_string(),
    };
    let mut child = git(root)
        .args(["--no-replace-objects", "cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| GitError::Start {
            folder: root.to_owned(),
            error,
        })?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let read = std::thread::scope(|scope| {
        // Git answers while it is asked; whoever only asked first would wait for ever.
        scope.spawn(move || {
            let mut input = io::BufWriter::new(input?);
            // Where git ended early, its answers are too few, which is told below.
            asked
                .iter()
                .try_for_each(|object| writeln!(input, "{object}"))
                .ok()
        });
        output.map_or_else(
            || Ok(BTreeMap::new()),
            |output| answers(BufReader::new(output), asked),
        )
    });
    let ended = child.wait();
    let read = read.map_err(|error| failed(&error))?;
    match ended {
        Ok(status) if status.success() => Ok(read),
        Ok(status) => Err(failed(&format!("`git cat-file`: {status}"))),
        Err(error) => Err(failed(&error)),
    }
}

fn answers(mut output: impl BufRead, asked: &[String]) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut contents = BTreeMap::new();
    for object in asked {
        let mut head = String::new();
        if output.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut words = head.trim_end().rsplit(' ');
        let (size, kind) = (words.next().unwrap_or_default(), words.next());
        // `COMMIT:PATH missing`, where the path may hold spaces.
        let Some(size) = size.parse::<usize>().ok().filter(|_| kind.is_some()) else {
            continue;
        };
        let mut content = vec![0; size];
        output.read_exact(&mut content)?;
        output.read_exact(&mut [0])?;
        if kind == Some("blob") {
            contents.insert(object.clone(), content);
        }
    }
    Ok(contents)
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder);
    // Paths are paths, not patterns; and git says what it says in English.
    git.env("GIT_LITERAL_PATHSPECS", "1").env("LC_ALL", "C");
    git
}

fn ask<Argument: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = Argument>,
) -> Result<String, GitError> {
    let output = git(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| GitError::Start {
            folder: folder.to_owned(),
            error,
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(GitError::Failed {
            folder: folder.to_owned(),
            message: said.lines().next().unwrap_or("git gave up").to_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_as_git_writes_it() {
        let hash = "a".repeat(40);
        let text =
            format!("{hash}\0{hash} {hash}\x002026-05-01\0A. Mori\0\0\nslo.toml\0b c.toml\0");
        let read = commit(&text).unwrap();
        assert_eq!(read.files, ["slo.toml", "b c.toml"]);
        assert_eq!((read.author.as_str(), read.parent), ("A. Mori", Some(hash)));
        assert_eq!(commit("no hash\0\0\0\0"), None);
    }

    #[test]
    fn answers_of_git() {
        let asked = ["a:x", "b:gone away", "c:y"].map(str::to_owned);
        let output = b"0123 blob 3\na\nb\nb:gone away missing\n4567 blob 0\n\n";
        let read = answers(&output[..], &asked).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((&*read["a:x"], &*read["c:y"]), (&b"a\nb"[..], &b""[..]));
        assert!(answers(&b"0123 blob 9\nab"[..], &asked).is_err());
        assert!(answers(&b""[..], &asked).is_err());
    }
}
