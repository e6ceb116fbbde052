//! Requests that no annotation covers: coverage is a number.
//!
//! `route` says under which name they are counted, `counter` counts them, and `outcomes` is what
//! they came to.

mod counter;
mod outcomes;
mod route;

pub(crate) use counter::read;
pub use counter::{Counter, MAX_TEMPLATES, OTHER, UNMATCHED};
pub use outcomes::Outcomes;
pub use route::{MAX_CLIENT_NAMES, ServedRoute};
