//! `cargo slo diff`: what changed since, or what is deployed instead.
//!
//! `command` compares, [`Against`](against::Against) is what is compared with, `deployed` asks the
//! systems that objects were generated for, `report` writes what differs.

mod against;
mod command;
mod deployed;
mod report;

pub(super) use command::Diff;
