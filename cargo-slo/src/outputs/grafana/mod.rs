//! A Grafana dashboard for each service.
//!
//! It queries what `cargo slo generate prometheus` records, by the label `slo`, and the
//! counters the SDK exports; the data source is a variable. At the top stands the service as a
//! whole: budgets now and over time, and which endpoint fails how. Below it is a folded row for
//! each journey: its events by result, its failures by endpoint, how long events take, whose are bad,
//! then for each of its SLOs the budget left, the burn rate over every window, good and bad events, and
//! the share of good ones beside the target. At the end stands what no annotation covers, by route.
//!
//! `dashboard` puts it together, `journey` makes the panels of a journey, `service` those of
//! the service, `endpoints` those that tell endpoints and consumers apart, `annotations` the marks in
//! all panels, `unannotated` those of what no annotation covers. `panel` is what a panel is, `options`
//! what Grafana fills in, `grid` where it stands, `queries` is PromQL in
//! which Grafana finds only its own variables.

mod annotations;
mod dashboard;
mod endpoints;
mod grid;
mod journey;
mod options;
mod panel;
mod queries;
mod service;
mod unannotated;

pub(super) use dashboard::Grafana;
