//! A Grafana dashboard for each service.
//!
//! It queries what `cargo slo generate prometheus` records, by the label `slo`, and the
//! counters the SDK exports; the data source is a variable. At the top stands the service as a
//! whole, below it a row for each journey: its events by result, then for each of its SLOs the
//! budget left, the burn rate over every window, good and bad events, and the share of good
//! ones beside the target. At the end stands what no annotation covers, by route.
//!
//! `dashboard` puts it together, `journey` makes the panels of a journey, `service` those of
//! the service, `unannotated` those of what no annotation covers. `panel` is what a panel is, `options`
//! what Grafana fills in, `grid` where it stands, `queries` is PromQL in
//! which Grafana finds only its own variables.

mod dashboard;
mod grid;
mod journey;
mod options;
mod panel;
mod queries;
mod service;
mod unannotated;

pub(super) use dashboard::Grafana;
