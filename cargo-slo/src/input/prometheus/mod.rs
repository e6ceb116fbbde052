//! A running Prometheus, or what answers like one: Mimir, Thanos, Cortex, VictoriaMetrics.
//!
//! - [`Prometheus`] asks, through [`http`](super::http); `answer` reads what it says, item by item.
//! - `moments` holds an answer against the moments that were asked for.
//! - `labels` reads a series' labels, whatever way their names reached Prometheus.

mod answer;
mod client;
mod labels;
mod moments;

pub(crate) use answer::Step;
pub use client::Prometheus;
pub(crate) use client::{Sample, Series, ranged};
pub(crate) use labels::Labels;
