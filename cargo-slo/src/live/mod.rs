//! Services while they run: `cargo slo dev` receives what they export and shows it.
//!
//! An export walks through the modules in one direction:
//!
//! 1. `server` takes a request, `otlp` is what it says, in any of its encodings.
//! 2. `counts` adds it up, `state` holds that for all connections; `forward` passes it on.
//! 3. `assembly` turns counts into a [`view`], at the time of `scale`, with what [`Definitions`] say that
//!    were read elsewhere; `alerting` is whether somebody would be called, `rows` are its lists.
//! 4. [`page`] shows a view, `line` is it in a terminal, [`Expectation`]s are held against it, and
//!    [`compare`] holds two against each other.
//!
//! `session` runs all of it and the `child` and its `group` of processes; `diagnosis` is why nothing
//! comes. What is as it is for a reason has that as a value of `reason`.

mod alerting;
mod assembly;
mod child;
mod comparison;
mod counts;
mod definitions;
mod diagnosis;
mod expectation;
mod forward;
#[cfg(target_os = "linux")]
mod group;
mod indicators;
mod line;
mod otlp;
pub mod page;
mod reason;
mod rows;
mod scale;
mod server;
mod session;
mod signals;
mod state;
pub mod view;

pub use comparison::{Difference, compare};
pub use definitions::Definitions;
pub use expectation::{Expectation, NoExpectation, Verdict};
pub use line::Line;
pub use session::{End, Ended, SessionError, Settings, Watcher, run};
