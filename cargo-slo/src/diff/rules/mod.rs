//! Rules: where they stand, what they mean, and how those of two sides differ.
//!
//! - [`Rules`] are kept by name and labels; [`from_rules`] is what they say about SLOs.
//! - [`read_rules`] reads a file, [`read_ruler`] what a ruler gives back; `document` knows the
//!   shapes that rules come in.
//! - `compare` finds those that are missing, different or left over, `parts` says in what two
//!   rules differ, `expression` when two expressions are the same.

mod compare;
mod document;
mod expression;
mod file;
mod parts;
mod rule;

pub(super) use compare::compare;
pub use file::{read_ruler, read_rules};
pub(super) use rule::{Rule, target};
pub use rule::{Rules, from_rules};
