//! `cargo slo doc`: the SLO document of each service.
//!
//! `command` puts documents together and delivers them, `comparison` finds those on disk that
//! differ.

mod command;
mod comparison;

pub(super) use command::Doc;
