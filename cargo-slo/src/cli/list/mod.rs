//! `cargo slo list`: every endpoint and SLO at a glance.
//!
//! `command` is the command, `human` the tables for people, and `json` the same for programs.

mod command;
mod human;
mod json;

pub(super) use command::List;
