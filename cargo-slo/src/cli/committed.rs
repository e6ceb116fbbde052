//! Files of people are changed where git could give back what they were.

use super::failure::Failure;
use crate::{annotate::Change, diagnostics::Diagnostic, document::changes::is_committed};
use std::path::{Path, PathBuf};

/// More files than these are a number instead.
const MAX_NAMED: usize = 10;

/// Refuses to change what git could not give back; `option` is the one that changes it all the same.
pub(super) fn refuse_uncommitted(changes: &[Change], option: &str) -> Result<(), Failure> {
    let (mut changed, mut nowhere) = (Vec::new(), false);
    for Change {
        path,
        shown,
        before,
        ..
    } in changes
    {
        let Some(before) = before else { continue };
        match is_committed(path, before) {
            Ok(Some(true)) => {}
            Ok(Some(false)) => changed.push(shown.clone()),
            Ok(None) => nowhere = true,
            Err(error) => {
                return Err(Diagnostic::error(format!(
                    "git does not say what is committed: {error}"
                ))
                .at(path)
                .with_help(format!("`{option}` changes the files all the same"))
                .into());
            }
        }
    }
    let refused = if nowhere {
        Diagnostic::error("the files are in no git repository, so that nothing could be taken back")
    } else if changed.is_empty() {
        return Ok(());
    } else {
        let more = changed.len().saturating_sub(MAX_NAMED);
        changed.truncate(MAX_NAMED);
        let mut names = changed.join(", ");
        if more > 0 {
            names += &format!(" and {more} more");
        }
        Diagnostic::error("files that would change are not as they were committed").with_note(names)
    };
    Err(refused
        .with_note("nothing was written")
        .with_help(format!("look at the diff; commit first, or use `{option}`"))
        .into())
}

/// The innermost folder that holds all of the files.
pub(super) fn common_folder(changes: &[Change]) -> Option<PathBuf> {
    let mut folders = changes.iter().filter_map(|change| change.path.parent());
    let mut common = folders.next()?.to_owned();
    for folder in folders {
        while !folder.starts_with(&common) {
            common = common.parent().unwrap_or(Path::new("")).to_owned();
        }
    }
    Some(common)
}
