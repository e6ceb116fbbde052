//! What stands in a Datadog: SLOs and monitors, as its API gives them.
//!
//! - [`Datadog`] asks for them, page by page, and keeps those that somebody wants.
//! - [`Slo`] and [`Monitor`] are what we know of either; the files of `cargo slo generate datadog`
//!   hold the same.

mod client;
mod object;

pub use client::Datadog;
pub use object::{Limits, Monitor, Options, Slo, Threshold};
