//! The SLO document of a service: what it promises, in words for those who use it, run it and
//! approve it.
//!
//! - [`of_service`] puts a [`Document`] together, a section per file of `sections`, in three
//!   parts: for those who approve, run and build the service; from the definition, `slo.toml` and the catalogue.
//! - `text` holds every word of it, one table per language; `numbers` writes numbers.
//! - [`ReviewLink`] is where reviews are answered.
//! - `changes` reads from git which values were different before.
//! - `markdown` and `html` write a document down. Each escapes at one place, so no text that
//!   somebody else wrote gets past it.
//!
//! The same input gives the same bytes: no clock is read, and nothing of the machine is in it.

pub mod changes;
mod file;
mod html;
mod markdown;
mod model;
mod numbers;
mod review_link;
mod sections;
mod text;

pub use file::{Format, files};
pub use model::Document;
pub use review_link::{NoReviewLink, ReviewLink};
pub use sections::{Knowledge, of_service};
pub use text::Language;
#[cfg(test)]
pub(crate) use text::lint;
