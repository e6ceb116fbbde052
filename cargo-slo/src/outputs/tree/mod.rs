//! Documents as trees, and how they are written as YAML and as JSON.
//!
//! Every output builds a [`Node`] and has it written here, with the escapes of
//! [`text`](crate::text). Keys stay in the order they were given, which is the order a reviewer reads
//! them in; numbers are exact decimals, never binary fractions.

mod json;
mod node;
mod yaml;

pub(super) use json::json;
pub(super) use node::Node;
pub(super) use yaml::{document_of_list, document_with_list, documents, written_items};
