//! The command line: arguments in, findings on standard output, everything else on standard
//! error, and an [`Exit`] code.
//!
//! - `run` parses and dispatches, `failure` is why a command could not do its job.
//! - `sources` and `cargo_options` are what all commands share: where records come from.
//! - One file or folder per command: `list`, `export`, `generate`.

mod cargo_options;
mod exit;
mod export;
mod failure;
mod generate;
mod list;
mod run;
mod sources;
mod use_of_outputs;

pub use exit::Exit;
pub use run::run;
