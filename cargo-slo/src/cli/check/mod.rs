//! `cargo slo check`: the reviewer.
//!
//! `command` runs the rules, `report` writes what they found, `measure` says how much of each service
//! is annotated, `history_options` where a history comes from, `fix` writes what leaves nothing to
//! decide.

mod command;
mod fix;
mod history_options;
mod measure;
mod report;

pub(super) use command::Check;
