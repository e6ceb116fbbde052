//! `cargo slo check`: the reviewer.
//!
//! `command` runs the rules, `report` writes what they found.

mod command;
mod report;

pub(super) use command::Check;
