//! Which files may be replaced.

use super::is_ours;
use std::{fs, io, path::Path};

/// Which files that are there already may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// None: people write on in what was made once.
    Nothing,
    /// Those that say this program wrote them, and empty ones, unless they are read-only.
    Ours,
    /// All but folders, because a person said so.
    Anything,
}

/// Why a file was not replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing at its head says that this program wrote it.
    NotOurs,
    /// Nobody may write to it.
    ReadOnly,
    /// It is a link, a device or the like.
    NoFile,
    /// Nothing is to be replaced.
    There,
}

impl Replace {
    /// Why what is there may not be replaced; `None` if it may.
    pub(super) fn kept(self, place: &Path, there: &fs::Metadata) -> io::Result<Option<Kept>> {
        match self {
            Replace::Anything => return Ok(None),
            Replace::Nothing => return Ok(Some(Kept::There)),
            Replace::Ours => {}
        }
        if !there.is_file() {
            return Ok(Some(Kept::NoFile));
        }
        if there.permissions().readonly() {
            return Ok(Some(Kept::ReadOnly));
        }
        let is_free = there.len() == 0 || is_ours(place)?;
        Ok((!is_free).then_some(Kept::NotOurs))
    }
}

impl Kept {
    /// The reason, in words.
    pub(in crate::outputs) fn why(self) -> &'static str {
        match self {
            Kept::NotOurs => "nothing at its head says that cargo-slo wrote it",
            Kept::ReadOnly => "it is read-only",
            Kept::NoFile => "it is a link or no file",
            Kept::There => "it is there already",
        }
    }
}
