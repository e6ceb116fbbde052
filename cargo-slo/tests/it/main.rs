//! Drives the real command over programs made for the purpose.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]

mod advice;
mod annotate;
mod annotate_files;
mod annotate_packages;
mod annotate_random;
mod asked;
mod bad_input;
mod build;
mod cases;
mod catalogue;
mod check;
mod chosen;
mod completions_and_man;
mod console;
mod coverage;
mod delivery;
mod diff;
mod doc;
mod doc_history;
mod doc_hostile;
mod doc_measured;
mod doc_repositories;
mod explain_and_init;
mod export_formats;
mod exported_fleets;
mod exports;
mod files;
mod files_of_others;
mod fixtures;
mod followed_advice;
mod formats;
mod history;
mod hostile;
mod injection;
mod interrupts;
mod keep_going;
mod list_and_export;
mod mutations;
mod outputs;
mod paths;
mod programs;
mod prometheus;
mod python;
mod renamed;
mod rooms;
mod routes;
mod scale;
mod schema;
mod snapshots;
mod stores;
mod unannotated;
