//! What is written for other systems.
//!
//! - [`Output`] is one system; [`all`] lists them, [`find`] finds one by name.
//! - [`Settings`] is what the build does not know.
//! - [`File`] is what an output gives; [`write()`] puts it into a folder.
//! - [`prometheus`] writes rules, [`export`](mod@export) the exported file that
//!   [`input::export`](crate::input::export) reads.

pub mod export;
mod file;
pub mod prometheus;
mod registry;
mod settings;

pub use file::{File, WriteError, write};
pub use registry::{Files, GENERATOR, Output, all, find};
pub use settings::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
