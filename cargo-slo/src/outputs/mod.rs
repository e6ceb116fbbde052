//! What is written for other systems.
//!
//! - [`Output`] is one system; [`all`] lists them, [`find`] finds one by name.
//! - [`Settings`] is what the build does not know.
//! - [`File`] is what an output gives; [`write()`] puts it into a folder.
//! - [`prometheus`] writes rules, [`export`](mod@export) the exported file that
//!   [`input::export`](crate::input::export) reads. Each other output is a module of its own
//!   name; `docs/outputs.md` says what they can't express.
//! - `facts` are the words for what is known about an SLO, `conditions` its alerts, `names` what
//!   other systems call it, `tree` how documents are written.

mod alertmanager;
mod conditions;
mod datadog;
pub mod export;
mod facts;
mod file;
mod grafana;
mod names;
mod openslo;
pub mod prometheus;
mod pyrra;
mod registry;
mod settings;
mod sloth;
mod terraform;
mod tree;

pub use file::{File, WriteError, write};
pub use registry::{Files, GENERATOR, Output, all, find};
pub use settings::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
