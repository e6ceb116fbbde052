//! What was counted: the history that rules judge promises by.
//!
//! - [`History`] is what was counted of services, [`Counted`] of one of them.
//! - [`fetch`] asks a running Prometheus, [`read`] reads and [`text`] writes a file of it, so that a
//!   pipeline which reaches no Prometheus judges the same.
//! - [`spellings`] asks only how events are called.

mod buckets;
mod counts;
mod error;
mod fetch;
mod file;
mod model;
mod spelling;
mod uncovered;

pub use error::HistoryError;
pub use fetch::{Asked, Fetched, fetch, fetch_until};
pub use file::{FORMAT, read, text};
pub use model::{Counted, Ended, Events, History, Lasted};
pub use spelling::{Spelling, spellings};
pub use uncovered::{OTHER, Outcomes, UNMATCHED, Uncovered};
