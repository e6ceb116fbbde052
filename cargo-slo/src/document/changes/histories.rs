//! Changes of values, from versions of files.

use super::{
    git::{self, Commit, GitError, Objects, Repository},
    values::{Values, max_file_bytes, of_file},
};
use crate::input::{NamedBy, read_file};
use gix_hash::ObjectId;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How much of the history is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Wanted {
    /// All of it, the newest change without its commit: the document may be a part of that.
    #[default]
    Settled,
    /// All of it.
    All,
    /// None: no repository is read.
    None,
}

/// What is known of the values of a service before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// It was not asked for.
    #[default]
    LeftOut,
    /// No file was read that could have one.
    NothingKept,
    /// The files are not kept in git.
    NoRepository,
    /// The changes, the newest first.
    Known(Vec<Change>),
}

/// One value became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who changed it; nothing for the newest change, where it may not be said.
    pub by: Option<Author>,
    /// What changed: a key of `slo.toml`, or the name of an SLO.
    pub what: String,
    /// What it was, unless it was not there.
    pub before: Option<String>,
    /// What it became, unless it was removed.
    pub after: Option<String>,
}

/// Who changed something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name, as in the commit.
    pub name: String,
    /// The day it was written: year, month and day with hyphens.
    pub date: String,
    /// The hash of the commit, shortened to ten digits.
    pub commit: String,
}

/// The histories of files.
#[derive(Debug, Default)]
pub struct Histories {
    wanted: Wanted,
    files: BTreeMap<PathBuf, FileHistory>,
}

/// The changes of one file, the newest first, each with the place of its commit among all.
type FileHistory = Vec<(Place, Vec<Change>)>;

/// The newest comes first: what is not committed yet, then commit after commit.
type Place = usize;

/// A file in a repository.
struct Kept<'a> {
    path: &'a Path,
    /// The same in the repository, with slashes.
    name: String,
}

impl Histories {
    /// Reads the histories of these files.
    ///
    /// # Errors
    /// If a file lies in a repository whose history can't be read, or is cut off.
    pub fn read(wanted: Wanted, files: &[PathBuf]) -> Result<Histories, GitError> {
        let mut histories = Histories {
            wanted,
            files: BTreeMap::new(),
        };
        if wanted == Wanted::None {
            return Ok(histories);
        }
        let mut folders = BTreeMap::new();
        let mut repositories: BTreeMap<_, Vec<Kept<'_>>> = BTreeMap::new();
        for path in files {
            let Some((folder, name)) = place(path) else {
                continue;
            };
            if !folders.contains_key(&folder) {
                folders.insert(folder.clone(), git::repository(&folder)?);
            }
            if let Some(Some((repository, prefix))) = folders.get(&folder) {
                let name = format!("{prefix}{name}");
                repositories
                    .entry(repository.clone())
                    .or_default()
                    .push(Kept { path, name });
            }
        }
        for (repository, kept) in repositories {
            let read = match repository.has_commits() {
                true => of_repository(&repository, &kept)?,
                false => kept
                    .iter()
                    .map(|kept| (kept.path.to_owned(), Vec::new()))
                    .collect(),
            };
            histories.files.extend(read);
        }
        Ok(histories)
    }

    /// Returns what is known of a service that was read from these files.
    pub fn for_files(&self, files: &[&Path]) -> History {
        if self.wanted == Wanted::None {
            return History::LeftOut;
        }
        if files.is_empty() {
            return History::NothingKept;
        }
        let known: Vec<_> = files
            .iter()
            .filter_map(|file| self.files.get(*file))
            .collect();
        if known.is_empty() {
            return History::NoRepository;
        }
        let mut all: Vec<_> = known.into_iter().flatten().collect();
        all.sort_by_key(|(place, _)| *place);
        let newest = all.first().map(|(place, _)| *place);
        let changes = all.into_iter().flat_map(|(place, changes)| {
            let is_told = self.wanted == Wanted::All || Some(*place) != newest;
            changes.iter().map(move |change| match is_told {
                true => change.clone(),
                false => Change {
                    by: None,
                    ..change.clone()
                },
            })
        });
        History::Known(changes.collect())
    }
}

/// The folder of a file and its name in it, as they are without links; nothing for names that
/// are not valid UTF-8.
fn place(path: &Path) -> Option<(PathBuf, String)> {
    let whole = fs::canonicalize(path).ok()?;
    let name = whole.file_name()?.to_str()?.to_owned();
    Some((whole.parent()?.to_owned(), name))
}

fn of_repository(
    repository: &Repository,
    kept: &[Kept<'_>],
) -> Result<BTreeMap<PathBuf, FileHistory>, GitError> {
    let mut objects = Objects::open(repository)?;
    let names: Vec<&str> = kept.iter().map(|kept| kept.name.as_str()).collect();
    let (head, commits) = git::commits(repository, &mut objects, &names)?;
    let mut histories: Vec<FileHistory> = Vec::new();
    for (kept, committed) in kept.iter().zip(head) {
        let now = read_file(kept.path, max_file_bytes(kept.path), NamedBy::File)
            .ok()
            .and_then(|content| of_file(kept.path, &content));
        let before = version(&mut objects, kept, committed)?;
        histories.push(match (before, now) {
            (Some(before), Some(now)) => vec![(0, differences(&before, &now, None))],
            _ => Vec::new(),
        });
    }
    for (place, commit) in commits.iter().enumerate() {
        for touched in &commit.files {
            let kept = &kept[touched.file];
            let before = version(&mut objects, kept, touched.before)?;
            let after = version(&mut objects, kept, touched.after)?;
            if let (Some(before), Some(after)) = (before, after) {
                let changes = differences(&before, &after, Some(commit));
                histories[touched.file].push((place + 1, changes));
            }
        }
    }
    let histories = kept.iter().zip(histories).map(|(kept, mut history)| {
        history.retain(|(_, changes)| !changes.is_empty());
        (kept.path.to_owned(), history)
    });
    Ok(histories.collect())
}

/// The values of one version of a file, as far as they can be read.
fn version(
    objects: &mut Objects<'_>,
    kept: &Kept<'_>,
    version: Option<ObjectId>,
) -> Result<Option<Values>, GitError> {
    let Some(version) = version else {
        return Ok(None);
    };
    let content = objects.content(version, max_file_bytes(kept.path))?;
    Ok(content.and_then(|content| of_file(kept.path, content)))
}

fn differences(before: &Values, after: &Values, commit: Option<&Commit>) -> Vec<Change> {
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| Change {
            by: commit.map(|commit| Author {
                name: commit.author.clone(),
                date: commit.date.clone(),
                commit: commit.hash[..10].to_owned(),
            }),
            what: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}
