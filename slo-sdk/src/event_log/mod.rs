//! Bad and marked events as log records.
//!
//! A [`limiter`] of each endpoint decides whether there is a record of an event, [`record`] is what
//! it says, and [`sink`] where it goes.

mod limiter;
mod record;
mod sink;

pub(crate) use limiter::Limiter;
pub(crate) use record::Facts;
#[cfg(feature = "otlp")]
pub(crate) use record::Record;
pub(crate) use sink::{Sink, ended, has_room, is_on, logger, looks_at_each_event, start, stop};
