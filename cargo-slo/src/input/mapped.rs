//! A file mapped into memory: the one place with `unsafe` in this crate.
//!
//! Programs are large and their records few, so the pages that are never looked at should
//! never be read.

use super::ReadError;
use memmap2::Mmap;
use std::{fs::File, path::Path};

/// Maps a file after making sure that there is something to map.
#[expect(
    clippy::disallowed_methods,
    reason = "only what is looked at is read, and never a device"
)]
pub(super) fn map(path: &Path) -> Result<Mmap, ReadError> {
    let io = |error| ReadError::Io {
        path: path.to_owned(),
        error,
    };
    // Before opening: to open a pipe that nobody writes to would wait forever.
    let metadata = std::fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        return Err(ReadError::NoFile {
            path: path.to_owned(),
            directory: metadata.is_dir(),
        });
    }
    if metadata.len() == 0 {
        return Err(ReadError::Empty {
            path: path.to_owned(),
        });
    }
    let file = File::open(path).map_err(io)?;
    map_file(&file).map_err(io)
}

#[expect(
    unsafe_code,
    reason = "memmap2 can't know that nobody changes the file meanwhile; see SAFETY"
)]
fn map_file(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the map is private, read-only and only ever read as plain bytes, of which every
    // value is valid. It is undefined behaviour only if another process changes the file
    // while it is read. Linkers and `cargo` replace a program by a new file instead of writing
    // into the old one, and every reader of programs (debuggers, `object`'s own tools, the
    // operating system that runs it) relies on that. A file cut short meanwhile ends this
    // process with SIGBUS, which costs nothing: it holds no state.
    unsafe { Mmap::map(file) }
}
