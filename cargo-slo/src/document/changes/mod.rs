//! What was different before: the values of `slo.toml` and of exported declarations, from git.
//!
//! - `git` finds the commits that touched some files, and what the files held.
//! - `values` reads a file as names with values, whatever version of it.
//! - [`Histories::read`] compares them and gives each service its [`History`].
//!
//! A document is often committed together with what it is about. The commit can't be in it
//! then, because it is not there yet when the document is generated; and it must not be in it
//! when the document is generated again, or the two would differ. So the newest change is told
//! without its commit, unless somebody asks for [`Wanted::All`].

mod git;
mod histories;
mod values;

pub use git::GitError;
pub(crate) use git::is_committed;
pub use histories::{Author, Change, Histories, History, Wanted};
