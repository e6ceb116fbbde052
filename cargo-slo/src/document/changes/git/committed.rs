//! Whether a file is as the commit that is checked out has it.

use super::{GitError, Objects, repository::checked_out};
use std::path::Path;

/// True where the file holds what the commit that is checked out does, but for the ends of lines,
/// which git may turn; `None` if the file is in no repository.
///
/// # Errors
/// If the repository can't be read.
pub(crate) fn is_committed(file: &Path, content: &str) -> Result<Option<bool>, GitError> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let Some((repository, prefix)) = checked_out(folder)? else {
        return Ok(None);
    };
    let (Some(head), Some(name)) = (
        repository.head,
        file.file_name().and_then(|name| name.to_str()),
    ) else {
        return Ok(Some(false));
    };
    let mut objects = Objects::open(&repository)?;
    let tree = objects.commit(head)?.tree;
    let Some(blob) = objects.file(tree, &format!("{prefix}{name}"))? else {
        return Ok(Some(false));
    };
    // What is longer than any file with these ends of lines is another one.
    let most = u64::try_from(content.len())
        .unwrap_or(u64::MAX)
        .saturating_mul(2);
    let committed = objects.content(blob, most)?;
    let lines = |text: &str| text.replace("\r\n", "\n");
    Ok(Some(committed.is_some_and(|committed| {
        str::from_utf8(committed).is_ok_and(|committed| lines(committed) == lines(content))
    })))
}
