//! Exported files: one service as JSON, `<service>.slo.json`.
//!
//! They carry a service to where neither its program nor its `slo.toml` is: into a review, into the
//! repository of an organisation's rules, to a tool that can't read programs. `docs/exports.md`
//! describes the format.
//!
//! - `shape` is the file as both ways know it; `read` reads it, and `write` writes it.
//! - `facts` are the tables that people wrote, `values` the same of any version of a file.
//! - `offers` is the part about the endpoints that a service offers.
//! - [`Exported`] is what a file says beside its records.

mod exported;
mod facts;
mod offers;
mod read;
mod shape;
mod values;
mod write;

pub use exported::{Build, Exported};
pub use read::{read_exports, read_exports_named_by};
pub(crate) use values::values;
pub use write::{Content, text};

/// The format that is written.
pub const FORMAT: u32 = 2;

/// The format that holds nothing but records; it is still read.
const RECORDS_ONLY: u32 = 1;

/// Longest file that is read, in bytes: ten thousand endpoints with all that can be said of them.
pub(crate) const MAX_FILE_BYTES: u64 = 32 << 20;

/// More records than these in one file no service has.
pub(crate) const MAX_RECORDS: usize = 10_000;
