//! How the tool tells people what is wrong: one model, one file per way of writing it.
//!
//! - [`Diagnostic`] is the model; errors of every other module turn into it, and so do the
//!   findings of rules.
//! - A way out is words, or a [`Change`]: a text to write, and where it belongs.
//! - [`human`] writes it in the manner of rustc, [`json`] one object per line, [`sarif`] one
//!   document for code scanners, [`github`] a command per line for GitHub's workflows.
//! - [`nearest()`] is the known word that was probably meant.

mod change;
pub mod github;
pub mod human;
pub mod json;
mod model;
mod nearest;
pub mod sarif;

pub use change::{Change, Edit, Method, applied, together};
pub use model::{Diagnostic, Level, Location};
pub use nearest::nearest;
