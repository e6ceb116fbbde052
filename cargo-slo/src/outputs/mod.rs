//! What is written for other systems.
//!
//! - [`Output`] is one system; [`all`] lists them, [`find`] finds one by name.
//! - [`Settings`] is what the build does not know, [`Said`] what `slo.toml` and the catalogue say.
//! - [`File`] is what an output gives; a [`Delivery`] puts files into a folder, all of them or
//!   none, [`stale()`] finds those of an earlier time.
//! - [`prometheus`] writes rules, [`export`](mod@export) the exported file that
//!   [`input::export`](crate::input::export) reads. Each other output is a module of its own
//!   name; `docs/outputs.md` says what they can't express.
//! - `facts` are the words for what is known about an SLO, `conditions` its alerts, `names` what
//!   other systems call it, `tree` how documents are written.

mod alertmanager;
mod conditions;
mod datadog;
mod delivery;
pub mod export;
mod facts;
mod file;
mod grafana;
mod names;
mod openslo;
pub mod prometheus;
mod pyrra;
mod registry;
mod said;
mod settings;
mod sloth;
mod stale;
mod terraform;
mod tree;

pub use delivery::{Delivery, Kept, Replace, write};
pub use file::{File, WriteError};
pub use registry::{Files, GENERATOR, Output, all, find};
pub use said::Said;
pub use settings::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
pub use stale::stale;
