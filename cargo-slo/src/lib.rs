//! What `cargo slo` is made of: from the programs that cargo built to the rules, lists and
//! definitions of their service level objectives.
//!
//! A record walks through the modules in one direction and never steps back:
//!
//! 1. [`input`] finds records: in what cargo just built, in given programs, or in exported
//!    files. No program is ever run.
//! 2. [`definition`] resolves them: services with their journeys, endpoints and SLOs, each
//!    with an identity; contradictions between records are errors here.
//! 3. [`fleet`] puts them together with what people wrote down and what was counted.
//! 4. `rules` look at that as a reviewer would.
//! 5. [`outputs`] writes it down for other systems, `document` for people.
//!
//! Beside that way, `diff` tells what changed between two of its starts or ends.
//!
//! `annotate` goes another way: from sources to annotations for them.
//!
//! `diagnostics` is how all of them talk to people, `text` how what other people wrote is written
//! down, `cli` ties them to the command line.
//!
//! Another program can do the same as the command, with [`input`], [`definition`], [`fleet`] and
//! [`outputs`]. Everything else is for the command and its tests, and may change at any time.
//!
//! ```no_run
//! use cargo_slo::{fleet::Fleet, outputs::{Settings, prometheus}};
//! use std::path::PathBuf;
//!
//! let reading = cargo_slo::input::read_binaries(&[PathBuf::from("target/debug/orders")])?;
//! let definition = cargo_slo::definition::resolve(&reading)?;
//! for subject in &Fleet::from_annotations(&definition).subjects {
//!     println!("{}", prometheus::rules(subject, &Settings::default()));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests read what they wrote")
)]

mod annotate;
#[doc(hidden)]
pub mod cli;
pub mod definition;
#[doc(hidden)]
pub mod diagnostics;
#[doc(hidden)]
pub mod diff;
#[doc(hidden)]
pub mod document;
pub mod fleet;
#[doc(hidden)]
pub mod gate;
pub mod input;
#[doc(hidden)]
pub mod live;
pub mod outputs;
mod parallel;
mod pipeline;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod status;
mod text;

/// What generated files say they were made by.
pub const GENERATOR: &str = concat!("cargo-slo ", env!("CARGO_PKG_VERSION"));
