//! What is written for other systems.
//!
//! - [`Output`] is one system; [`all`] lists them, [`find`] finds one by name.
//! - [`Settings`] is what the build does not know.
//! - [`File`] is what an output gives; a [`Delivery`] puts files into a folder, all of them or
//!   none, [`stale()`] finds those of an earlier time.
//! - [`prometheus`] writes rules, [`export`](mod@export) the exported file that
//!   [`input::export`](crate::input::export) reads.

mod delivery;
pub mod export;
mod file;
pub mod prometheus;
mod registry;
mod settings;
mod stale;

pub use delivery::{Delivery, write};
pub use file::{File, WriteError};
pub use registry::{Files, GENERATOR, Output, all, find};
pub use settings::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
pub use stale::stale;
