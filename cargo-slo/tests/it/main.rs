//! Drives the real command over programs made for the purpose.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]

mod advice;
mod annotate;
mod asked;
mod bad_input;
mod build;
mod cases;
mod check;
mod chosen;
mod coverage;
mod delivery;
mod diff;
mod doc;
mod doc_history;
mod doc_hostile;
mod doc_measured;
mod doc_repositories;
mod explain_and_init;
mod files;
mod files_of_others;
mod fixtures;
mod formats;
mod history;
mod hostile;
mod injection;
mod interrupts;
mod list_and_export;
mod mutations;
mod outputs;
mod programs;
mod prometheus;
mod python;
mod rooms;
mod routes;
mod scale;
mod schema;
mod snapshots;
mod stores;
mod unannotated;
