//! `cargo slo list`: every endpoint and SLO at a glance.
//!
//! `command` is the command, `human` the tables for people, laid out by `table`, and `json`
//! the same for programs.

mod command;
mod human;
mod json;
mod table;

pub(super) use command::List;
