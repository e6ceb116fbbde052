//! YAML and JSON from anybody, with the places of everything in them.
//!
//! - [`Tree`] holds the documents of a text, [`At`] is a place in it; an alias is not a copy.
//! - [`without_pairs`] spells JSON as YAML does, [`Lines`] finds places.
//! - [`Wrong`] is what is wrong, and where.
//!
//! Whatever a text holds, reading takes time and memory in proportion to its length, and is refused
//! where values are nested too deep or are too many.

mod json;
mod lines;
mod tree;
mod wrong;

pub(crate) use json::without_pairs;
pub(crate) use lines::Lines;
pub(crate) use tree::{At, Tree};
pub(crate) use wrong::Wrong;
