//! A running Prometheus, or what answers like one: Mimir, Thanos, Cortex, VictoriaMetrics.
//!
//! - [`Prometheus`] asks, [`AskError`] says why there was no answer.
//! - [`Headers`] are what a proxy or a tenant asks for; their values are never shown.
//! - `labels` reads a series' labels, whatever way their names reached Prometheus.

mod client;
mod headers;
mod labels;

pub use client::{AskError, Prometheus};
pub use headers::{HeaderError, Headers};
pub(crate) use labels::Labels;
