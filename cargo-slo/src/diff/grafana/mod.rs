//! What a Grafana has, and what it should have: the dashboards of `cargo slo generate grafana`.
//!
//! [`compare_grafana`] asks for each, `dashboard` says in what two differ, by panel.

mod compare;
mod dashboard;

pub use compare::compare_grafana;
