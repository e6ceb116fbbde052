//! The command line: arguments in, findings on standard output, everything else on standard
//! error, and an [`Exit`] code.
//!
//! - `run` parses and dispatches, `failure` is why a command could not do its job.
//! - `sources` and `cargo_options` are what all commands share: where records come from.
//! - One file or folder per command: `list`, `export`, `generate`, `check`,
//!   `explain`, `init`. `table` is what those have that show one, `facts` where `slo.toml` and
//!   the catalogue come from.

mod cargo_options;
mod check;
mod exit;
mod explain;
mod export;
mod facts;
mod failure;
mod generate;
mod init;
mod list;
mod run;
mod sources;
mod table;
mod use_of_outputs;

pub use exit::Exit;
pub use run::run;
