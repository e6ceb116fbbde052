//! `cargo slo check`: the reviewer.
//!
//! `command` runs the rules, `report` writes what they found, `measure` says how much of each service
//! is annotated, `past` is where a history comes from.

mod command;
mod history_options;
mod measure;
mod report;

pub(super) use command::Check;
