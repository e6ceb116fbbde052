//! Reads the history of files out of a repository, by a library that runs nothing.
//!
//! Neither the configuration of the repository nor that of the person is read, and no variable
//! of the environment: a clone can bring a configuration along that names programs, and the
//! document must be the same for everybody. No object is fetched either.
//!
//! - [`repository`] finds the repository that a folder lies in.
//! - [`commits`] walks from its `HEAD` and tells which commits touched some files.
//! - [`is_committed`] tells whether a file is as the commit that is checked out has it.
//! - `objects` reads commits, trees and files, none of them longer than a limit.

mod commit;
mod committed;
mod error;
mod objects;
mod repository;
mod walk;

pub(crate) use committed::is_committed;
pub use error::GitError;
pub(super) use objects::Objects;
pub(super) use repository::{Repository, repository};
pub(super) use walk::{Commit, commits};
