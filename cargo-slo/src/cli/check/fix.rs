//! `cargo slo check --fix`.

use crate::{
    annotate::{Change as FileChange, patch},
    cli::{
        committed::{common_folder, refuse_uncommitted},
        delivery::put_edits,
        failure::Failure,
    },
    diagnostics::{Change, Diagnostic, Edit, applied, together},
    input::{NamedBy, read_text, toml_file::MAX_FILE_BYTES},
    text::numbers::counted,
};
use clap::Args;
use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

/// What becomes of changes that leave nothing to decide.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(super) struct Fix {
    /// Show the diff of what findings say to write into `slo.toml` and the catalogue and leaves
    /// nothing to decide, ask, and write all of it or nothing; sources are left to you
    #[arg(long)]
    fix: bool,
    /// Write without asking
    #[arg(long, requires = "fix")]
    yes: bool,
    /// Also change files that are not as they were committed, or in no repository
    #[arg(long, requires = "fix")]
    allow_dirty: bool,
}

impl Fix {
    /// Writes what findings advise, where it is asked for. Returns `true` if files changed.
    pub(super) fn run(&self, found: &[Diagnostic], err: &mut dyn Write) -> Result<bool, Failure> {
        if !self.fix {
            return Ok(false);
        }
        let (changes, made) = changed(&together(found))?;
        let Some(folder) = common_folder(&changes) else {
            writeln!(err, "nothing to fix that leaves nothing to decide")?;
            return Ok(false);
        };
        err.write_all(patch(&changes).as_bytes())?;
        if !self.allow_dirty {
            refuse_uncommitted(&changes, "--allow-dirty")?;
        }
        if !self.yes && !is_wanted(err)? {
            writeln!(err, "nothing was written; `--yes` writes it")?;
            return Ok(false);
        }
        for change in changes.iter().filter(|change| change.before.is_none()) {
            if let Some(parent) = change.path.parent() {
                std::fs::create_dir_all(parent).map_err(|error| {
                    Diagnostic::error(format!("the folder can't be made: {error}")).at(parent)
                })?;
            }
        }
        put_edits(&folder, &changes, err)?;
        let made = u64::try_from(made).unwrap_or(u64::MAX);
        writeln!(err, "made {}; what is left:", counted(made, "change"))?;
        Ok(true)
    }
}

/// Asks at a terminal; `false` where there is nobody to ask.
fn is_wanted(err: &mut dyn Write) -> io::Result<bool> {
    let input = io::stdin();
    if !input.is_terminal() {
        return Ok(false);
    }
    write!(err, "write this? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// What files become, and how many of the changes are in them: one that has no room is left out.
fn changed(changes: &[&Change]) -> Result<(Vec<FileChange>, usize), Failure> {
    let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
    for edit in changes.iter().flat_map(|change| &change.edits) {
        if !texts.contains_key(&*edit.file) {
            texts.insert(&edit.file, text(&edit.file)?);
        }
    }
    let mut made: Vec<&Change> = Vec::new();
    let mut after: BTreeMap<&str, String> = BTreeMap::new();
    for change in changes {
        made.push(change);
        match texts_after(&made, &texts) {
            Some(texts) => after = texts,
            None => drop(made.pop()),
        }
    }
    let files = after.into_iter().map(|(file, after)| FileChange {
        path: followed(Path::new(file)),
        shown: file.to_owned(),
        before: texts.get(file).cloned().flatten(),
        after,
    });
    Ok((files.collect(), made.len()))
}

fn texts_after<'a>(
    changes: &[&'a Change],
    texts: &BTreeMap<&str, Option<String>>,
) -> Option<BTreeMap<&'a str, String>> {
    let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in changes.iter().flat_map(|change| &change.edits) {
        by_file.entry(&edit.file).or_default().push(edit);
    }
    let each = by_file.into_iter().map(|(file, edits)| {
        let before = texts.get(file)?.as_deref().unwrap_or_default();
        Some((file, applied(before, &edits)?))
    });
    each.collect()
}

/// What a file holds; `None` if it is not there yet.
fn text(file: &str) -> Result<Option<String>, Failure> {
    let path = Path::new(file);
    match read_text(path, MAX_FILE_BYTES, NamedBy::Person) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(
            Diagnostic::error(format!("the file can't be read: {error}"))
                .at(path)
                .into(),
        ),
    }
}

/// Where a file is, links followed: of one that is not there yet, where it would be.
fn followed(path: &Path) -> PathBuf {
    path.canonicalize()
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}
