//! Annotations for handlers that have none, from the sources alone: nothing is built and nothing is
//! run.
//!
//! 1. `modules` reads the files that crates are made of, each a `source`.
//! 2. `index` knows their modules and functions, and what names stand for.
//! 3. `routers` finds which function serves which route of axum, `grpc` which method of tonic, with
//!    the services that `proto` files declare.
//! 4. `handlers` puts together what is known of each function, and `journeys` groups them.
//! 5. `write` says what is inserted where, through `edit`.
//!
//! [`annotate`] does all of it, [`patch`] shows the outcome as a diff.

mod edit;
mod grpc;
mod handlers;
mod index;
mod journeys;
mod modules;
mod patch;
mod proto;
mod routers;
mod source;
mod write;

use crate::{
    diagnostics::Diagnostic,
    input::{api::RoutePattern, workspace::Member},
};
use std::{io, path::PathBuf, thread};

pub(crate) use patch::patch;

/// Stack for the parser and for what it makes; only what is used of it takes memory.
const STACK_BYTES: usize = 256 << 20;

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Where it is, links followed.
    pub(crate) path: PathBuf,
    /// The path as people are told it.
    pub(crate) shown: String,
    /// What it holds; `None` for a new file.
    pub(crate) before: Option<String>,
    /// What it is to hold.
    pub(crate) after: String,
}

/// What annotating the packages would do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Annotated {
    pub(crate) changes: Vec<Change>,
    /// How many handlers get an annotation.
    pub(crate) new: usize,
    /// How many have one.
    pub(crate) known: usize,
    /// The files that get journeys, with the names of these.
    pub(crate) journeys: Vec<(String, Vec<String>)>,
    /// The routes of all handlers, annotated or not.
    pub(crate) routes: Vec<RoutePattern>,
    /// What was left out, and why.
    pub(crate) remarks: Vec<Diagnostic>,
}

/// Annotates the packages that were asked for. `offered` are routes that other files list.
///
/// # Errors
/// If the system has no thread for it.
pub(crate) fn annotate(members: &[Member], offered: &[String]) -> io::Result<Annotated> {
    thread::scope(|scope| {
        let work = thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || write::annotated(members, offered))?;
        Ok(work
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
