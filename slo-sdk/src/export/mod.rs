//! Counts, as OpenTelemetry sees them.
//!
//! `attributes` names everything, `collection` takes one consistent snapshot for all
//! instruments, `instruments` observes it, and `otlp` sends it where the environment says.

pub(crate) mod attributes;
mod collection;
mod instruments;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;

pub(crate) use collection::collections;
pub(crate) use instruments::register;
