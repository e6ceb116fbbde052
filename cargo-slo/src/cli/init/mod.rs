//! `cargo slo init`: a `slo.toml` to start from, and annotations to start with.
//!
//! `command` writes the file and `template` is what stands in it; `annotate` proposes annotations.

mod annotate;
mod command;
mod template;

pub(super) use command::Init;
