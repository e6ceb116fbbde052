//! `cargo slo init`: a `slo.toml` to start from.
//!
//! `command` writes the file, `template` what stands in it.

mod command;
mod template;

pub(super) use command::Init;
