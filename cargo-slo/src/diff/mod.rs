//! What changed between two sources of the same SLOs, in words.
//!
//! - [`Side`] is what one source says: a build, an export, rule files, a running Prometheus.
//!   None of them knows everything, and what one does not know is not compared.
//! - [`from_definition`], [`from_rules`] and [`from_prometheus`] make one.
//! - [`compare()`] gives the [`Change`]s from one to the other.
//!
//! `lost` is what to do where an SLO is gone with its history, and nothing says that it was renamed or removed.
//! `rule_file` reads rule files, `rules` is what they mean, `expression` when two of their expressions are the
//! same, `amounts` how budgets are told to people.

mod amounts;
mod change;
mod compare;
mod definition;
mod error;
mod expression;
mod lost;
mod prometheus;
mod rule_file;
mod rules;
mod side;

pub use change::{Change, Field};
pub use compare::{Basis, compare};
pub use definition::from_definition;
pub use error::SourceError;
pub use lost::Removed;
pub use prometheus::from_prometheus;
pub use rule_file::read_rules;
pub use rules::from_rules;
pub use side::{Rules, Side, State};
