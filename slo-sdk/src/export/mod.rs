//! Counts, as OpenTelemetry sees them.
//!
//! `attributes` names everything, `collection` takes one consistent snapshot for all
//! instruments, `instruments` observes it, `series` knows how many series that makes, `view`
//! makes room for them, `exposition` writes it as a Prometheus would scrape it, `histogram` adds how long events took, `zeros` come before the first
//! counts, and `otlp` sends it where `settings` say, as `logs` does log records of events; `address` knows how much of that may be told.
//! What becomes of an export: `connector` leads to the collector, `client` hears the collector's answer, `watched` hands each
//! result to `health`, which says it when it changes, to `progress`, for who waits for it, and to
//! `lost`, which counts.

#[cfg(feature = "otlp")]
pub(crate) mod address;
pub(crate) mod attributes;
#[cfg(feature = "otlp")]
mod client;
mod collection;
#[cfg(feature = "otlp")]
mod connector;
mod exposition;
#[cfg(feature = "otlp")]
mod health;
#[cfg(feature = "otlp")]
mod histogram;
mod instruments;
#[cfg(feature = "otlp")]
pub(crate) mod logs;
#[cfg(feature = "otlp")]
mod lost;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;
#[cfg(feature = "otlp")]
mod progress;
mod series;
#[cfg(feature = "otlp")]
pub(crate) mod settings;
#[cfg(feature = "otlp")]
mod view;
#[cfg(feature = "otlp")]
mod watched;
#[cfg(feature = "otlp")]
mod zeros;

pub(crate) use collection::collections;
pub(crate) use exposition::text as prometheus_text;
#[cfg(feature = "otlp")]
pub(crate) use health::note_not_started;
#[cfg(feature = "otlp")]
pub use health::{ExportHealth, export_health};
pub(crate) use instruments::register;
pub(crate) use series::beyond_usual;
#[cfg(feature = "otlp")]
pub(crate) use view::{room_for_all, was_asked};
