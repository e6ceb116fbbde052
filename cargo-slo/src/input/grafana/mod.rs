//! What stands in a Grafana: dashboards, as its API gives them.

mod client;

pub use client::{Dashboard, Grafana, Hit, Meta};
