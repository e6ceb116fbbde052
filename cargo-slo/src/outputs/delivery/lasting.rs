//! Files that are still there, and whole, after a crash.

use super::all_or_none::Staged;
use crate::outputs::WriteError;
use std::{fs, path::Path};

/// How many files are made to last at the same time.
const SYNCS: usize = 8;

/// Makes the content of files last before they get their names: after a crash, a name without
/// content would be a rule file without rules. Also, some file systems only now say that the
/// disk is full.
///
/// File systems make several files last at once, but only if they are asked at the same time:
/// one after the other, a thousand take ten times as long.
pub(super) fn sync(
    staged: &[Staged],
    is_interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<(), WriteError> {
    let share = staged.len().div_ceil(SYNCS).max(1);
    std::thread::scope(|scope| {
        let shares = staged.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(|| sync_all(share, is_interrupted)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

fn sync_all(staged: &[Staged], is_interrupted: &dyn Fn() -> bool) -> Result<(), WriteError> {
    staged.iter().try_for_each(|Staged { place, content }| {
        if is_interrupted() {
            return Err(WriteError::Interrupted);
        }
        let file = fs::File::options().write(true).open(content);
        file.and_then(|file| file.sync_data())
            .map_err(|error| WriteError::io(place, error))
    })
}

/// Makes the new names last. The content is safe already, and old names are not damage, so a
/// system that can't do it is not an error.
#[cfg_attr(
    unix,
    expect(clippy::disallowed_methods, reason = "it is a folder, and not read")
)]
pub(super) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}
