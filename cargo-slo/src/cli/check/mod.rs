//! `cargo slo check`: the reviewer.
//!
//! `command` runs the rules, `report` writes what they found, `past` is where a history comes
//! from.

mod command;
mod past;
mod report;

pub(super) use command::Check;
