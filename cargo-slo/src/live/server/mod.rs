//! The one port: exporters send to it, browsers look at it.
//!
//! - `listen` finds a free port, `connections` serves it.
//! - `access` is who may: nobody from another host or site, nobody without the token looks.
//! - `receive` takes an export, `look` shows the page, `stream` keeps it up to date with a `patch`.
//! - `answer` is what all of them answer with.

mod access;
mod answer;
mod connections;
mod listen;
mod look;
mod patch;
mod receive;
mod stream;

pub(super) use access::Access;
pub(super) use connections::{Server, serve};
pub(super) use listen::listen;
