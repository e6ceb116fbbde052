//! Datadog: SLOs over counts, and a burn-rate monitor for each condition.
//!
//! The metric is `slo.events`, as Datadog takes it over OTLP: its name and its attributes
//! keep their dots, attributes are tags, `service.name` is the tag `service`. [`api`] writes
//! the bodies of API requests; [`terraform`](super::terraform) writes the same
//! [`Objective`]s as resources.

mod api;
mod monitor;
mod objective;
mod tags;

pub(super) use api::Datadog;
pub(super) use monitor::Monitor;
pub use objective::datadog_owner;
pub(super) use objective::{Objective, notes, objectives};
