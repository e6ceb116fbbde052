//! What the application and the standard `OTEL_*` variables ask for, settled before anything
//! starts.
//!
//! As OpenTelemetry's specification wants it, an empty variable is as good as none, the one for
//! metrics wins over the general one, and a value that can't be used is ignored with a warning.
//! Where nothing would arrive that way it is an error: an address or a protocol that nobody
//! speaks here.
//!
//! `plan` is what is settled, `logs` the part of it that log records have, `environment` reads and judges the variables.

mod environment;
mod logs;
mod plan;
#[cfg(test)]
mod table;

pub(crate) use logs::LogsPlan;
pub(crate) use plan::{Plan, Protocol, Settings, Wanted, settle};
