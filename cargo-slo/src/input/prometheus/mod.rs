//! A running Prometheus, or what answers like one: Mimir, Thanos, Cortex, VictoriaMetrics.
//!
//! - [`Prometheus`] asks, through [`http`](super::http); `answer` reads what it says, item by item.
//! - `labels` reads a series' labels, whatever way their names reached Prometheus.

mod answer;
mod client;
mod labels;

pub(crate) use answer::Step;
pub use client::Prometheus;
pub(crate) use client::{Sample, Series};
pub(crate) use labels::Labels;
