//! `cargo slo gate`: whether a change may be delivered.

mod answer;
mod command;
mod known;

pub(super) use command::Gate;
