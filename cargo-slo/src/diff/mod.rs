//! What changed between two sources of the same SLOs, in words.
//!
//! - [`Side`] is what one source says: a build, an export, rule files, a running Prometheus.
//!   None of them knows everything, and what one does not know is not compared.
//! - [`from_definition`], [`from_rules`] and [`from_prometheus`] make one.
//! - [`compare()`] gives the [`Change`]s from one to the other.
//! - [`compare_datadog`] and [`compare_grafana`] ask these systems for what was generated for them.
//!
//! `lost` is what to do where an SLO is gone with its history, and nothing says that it was renamed or removed.
//! `rules` reads rules, says what they mean and in what they differ, `amounts` how budgets are told to people.

mod amounts;
mod change;
mod compare;
mod datadog;
mod definition;
mod error;
mod grafana;
mod lost;
mod prometheus;
mod rules;
mod side;

pub use change::{Change, Field, Request};
pub use compare::{Basis, compare};
pub use datadog::{Objective, compare_datadog, read_objectives};
pub use definition::from_definition;
pub use error::SourceError;
pub use grafana::compare_grafana;
pub use lost::Removed;
pub use prometheus::from_prometheus;
pub use rules::{Rules, from_rules, read_ruler, read_rules};
pub use side::{Side, State};
