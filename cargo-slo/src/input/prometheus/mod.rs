//! A running Prometheus, or what answers like one: Mimir, Thanos, Cortex, VictoriaMetrics.
//!
//! - [`Address`] is where one is; `answer` reads what it says, item by item.
//! - [`Prometheus`] asks, [`AskError`] says why there was no answer.
//! - [`Headers`] are what a proxy or a tenant asks for; their values are never shown.
//! - `labels` reads a series' labels, whatever way their names reached Prometheus.

mod address;
mod answer;
mod client;
mod headers;
mod labels;

pub use address::{Address, AddressError};
pub(crate) use answer::Step;
pub use client::{AskError, Prometheus};
pub(crate) use client::{Sample, Series};
pub use headers::{HeaderError, Headers};
pub(crate) use labels::Labels;
