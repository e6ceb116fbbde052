//! The command line: arguments in, findings on standard output, everything else on standard
//! error, and an [`Exit`] code.
//!
//! - `run` parses and dispatches, `failure` is why a command could not do its job.
//! - `sources` and `cargo_options` are what all commands share: where records come from.
//! - `delivery` is where generated files go, `interrupt` the signals that come meanwhile; `progress`
//!   and `remarks` are standard error.
//! - `facts` is where `slo.toml` comes from, `catalogue` which one is read; `unread` is what a command
//!   goes on without, `not_taken` why one does not take an option of others.
//! - `table` is how columns are aligned, `fitted_table` the same where none may be wider than the terminal;
//!   `may_close` is a stream that nobody may read to its end.
//! - `prometheus_options` is how a Prometheus is asked, `spelling` which rules fit what it calls things.
//! - One file or folder per command: `list`, `export`, `generate`, `doc`, `diff`, `check`,
//!   `explain`, `init`, `status`, `gate`, `dev`, `completions`, `man`.

mod alert_options;
mod build_options;
mod cargo_options;
mod catalogue;
mod check;
mod columns;
mod committed;
mod completions;
mod coverage;
mod delivery;
mod dev;
mod diff;
mod doc;
mod exit;
mod explain;
mod export;
mod failure;
mod fitted_table;
mod gate;
mod generate;
mod init;
mod interrupt;
mod list;
mod man;
mod manifest_options;
mod may_close;
mod not_taken;
mod progress;
mod prometheus_options;
mod run;
mod running;
mod sources;
mod spelling;
mod status;
mod table;
mod tls_options;
mod unread;
mod use_of_outputs;

#[cfg(test)]
pub(crate) use explain::terms;

pub use exit::Exit;
pub use run::run;
