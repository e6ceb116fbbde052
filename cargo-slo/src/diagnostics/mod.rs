//! How the tool tells people what is wrong: one model, one file per way of writing it.
//!
//! - [`Diagnostic`] is the model; errors of every other module turn into it.
//! - [`human`] writes it in the manner of rustc, [`json`] one object per line.

pub mod human;
pub mod json;
mod model;

pub use model::{Diagnostic, Level, Location};
