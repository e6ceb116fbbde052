//! Which files may be replaced.

use super::is_ours;
use crate::input::{NamedBy, read_file};
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
    /// It does not hold any more what was read.
    Changed,
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
    /// Why a file may not be edited; `None` if it is a file that may be written to and holds this.
    pub(super) fn unless_still(place: &Path, before: &[u8]) -> io::Result<Option<Kept>> {
        let there = fs::symlink_metadata(place)?;
        if !there.is_file() {
            return Ok(Some(Kept::NoFile));
        }
        if there.permissions().readonly() {
            return Ok(Some(Kept::ReadOnly));
        }
        // One byte more than is expected is enough to know.
        let most = u64::try_from(before.len()).unwrap_or(u64::MAX);
        let now = read_file(place, most, NamedBy::File).ok();
        Ok((now.as_deref() != Some(before)).then_some(Kept::Changed))
    }

    /// The reason, in words.
    pub(in crate::outputs) fn why(self) -> &'static str {
        match self {
            Kept::NotOurs => "nothing at its head says that cargo-slo wrote it",
            Kept::ReadOnly => "it is read-only",
            Kept::NoFile => "it is a link or no file",
            Kept::There => "it is there already",
            Kept::Changed => "it changed after it was read",
        }
    }
}
