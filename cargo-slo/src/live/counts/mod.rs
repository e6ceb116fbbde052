//! What services told so far, added up: every export goes in, the view comes out.
//!
//! - `counter` is one series of one process: how much it grew, and whether it began again.
//! - `recent` is what was counted in the last while, for windows.
//! - `process` and `service` are who counts; sums stay when a process goes.
//! - `labels` is what a data point is about, `metrics` and `events` take exports in.
//! - `counts` is all of it, with its bounds.

mod buckets;
mod counter;
#[expect(
    clippy::module_inception,
    reason = "the folder is named after what it makes"
)]
mod counts;
mod events;
mod labels;
mod metrics;
mod process;
mod recent;
mod service;

pub(super) use counts::{Counts, MAX_EVENTS, Taken};
pub(super) use process::Process;
pub(super) use recent::Recent;
pub(super) use service::{Endpoint, Objective, Part, Promised, Service, Sli};
