//! Prometheus rules: recorded counts, ratios and budgets, and burn-rate alerts.
//!
//! [`rules`] writes every rule of every SLO of a service, for those who want to review each
//! of them. They work on the counter that the SDK exports over OTLP, under the name that
//! Prometheus gives it: `slo_events_total`, with the service's namespace and name as `job`.
//!
//! # How the numbers are made
//! Everything comes from two recorded counts per SLO, `slo:events_valid:increase5m` and
//! `slo:events_bad:increase5m`. A ratio over a window is the sum of the one over the sum of
//! the other. Consecutive increases overlap, so each event is counted several times – the
//! same number of times in both sums, so it cancels. A mean of ratios would weigh a quiet
//! night like a busy day; this does not, and an idle gap adds nothing to either sum.
//!
//! - All sums are by `job` and by nothing else. Services of one name in several namespaces
//!   are several jobs: each has its own numbers and alerts, and none hides in another's.
//! - The bad count is `or 0 * total`: it exists from the moment the total does. Both sides
//!   have no label but the job, so the zero never stands beside the real count.
//! - A sum over time is itself summed by job, because the recorded series change their
//!   labels with the owner; history goes on across such a change.
//! - A count spans five minutes itself, so a window reaches five minutes further back, and
//!   its newest events weigh less until they are five minutes old. Over 5m the count is
//!   taken as it is; over 30m and more the share is small, over days it is nothing.
//! - Without events in a window there is no ratio, and no alert. The budget left is then 1.
//! - Without the counter there is nothing at all; one alert per service says so.
//!
//! # Rooms
//! `file` and `yaml` are rule files in general, `promql` the language. `job` says which series
//! are a service's, `subject` which are an SLO's; `counts`, `ratios`, `budget` and `alerts`
//! make the rules of one SLO, `missing` the one about absent data, `per_slo` the file.

mod alerts;
mod budget;
mod chance;
mod counts;
mod file;
mod job;
mod kubernetes;
mod missed_run;
mod missing;
mod names;
mod notes;
mod objective;
mod output;
mod per_slo;
mod promql;
mod refusals;
mod stuck;
mod subject;
mod sums;
mod template;
mod text;
mod uncovered;
mod universal;
mod yaml;

pub use output::{Prometheus, PrometheusRule, rules, universal_rules};
