//! What is written for other systems.
//!
//! - [`Output`] is one system; [`all`] lists them, [`find`] finds one by name.
//! - An output is written from a [`Fleet`](crate::fleet::Fleet); [`Settings`] say how the systems
//!   that read it are set up, [`Store`] what each does by default. [`refusals`] are what no output can write.
//! - [`File`] is what an output gives; a [`Delivery`] puts files into a folder, all of them or
//!   none, [`stale()`] finds those of an earlier time.
//! - [`datadog_owner`] is what a Datadog knows a service by.
//! - [`prometheus`] writes rules, [`export`](mod@export) the exported file that
//!   [`input::export_file`](crate::input::export_file) reads. Each other output is a module of its own
//!   name; `docs/outputs.md` says what they can't express.
//! - `facts` and `manifest` are the words for what is known about an SLO, `names` what other systems
//!   call it, `tree` how documents are written.

mod alertmanager;
mod datadog;
mod delivery;
pub mod export;
mod facts;
mod file;
mod grafana;
mod manifest;
mod names;
mod openslo;
pub mod prometheus;
mod pyrra;
mod refusals;
mod registry;
mod settings;
mod sloth;
mod stale;
mod store;
mod terraform;
mod tree;

pub use crate::GENERATOR;
pub use datadog::datadog_owner;
pub use delivery::{Delivery, Kept, Replace, write};
pub use file::{File, WriteError};
pub use refusals::refusals;
pub use registry::{Files, Output, all, find};
pub use settings::{DEFAULT_RETENTION_DAYS, Mode, Names, ServiceLabel, Settings};
pub use stale::stale;
pub use store::Store;
