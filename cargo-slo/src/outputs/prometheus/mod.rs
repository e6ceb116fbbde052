//! Prometheus rules: recorded counts, ratios and budgets, and alerts.
//!
//! Two modes give the same numbers. [`rules`] writes every rule of every SLO of a service, for
//! those who want to review each of them; [`universal_rules`] writes one set for all SLOs
//! there are, joined with the objectives that services export. Both are written by the same
//! formulas (see `subject`). `docs/prometheus.md` is the manual.
//!
//! # How the numbers are made
//! - **Minute counts** are what the counters of each process show above the value that the rules
//!   counted up to the last time. These add up to the last event, whoever is late;
//!   `increase` spreads what it saw over its range, so that one event is 0.8 or 1.3 events, or
//!   none.
//! - **Hour counts** are sums of minute counts, kept once an hour, so that a window of 30 days
//!   is a sum of 720 samples and not of 43,200.
//! - A window that ends now is put together from both so that each event is in it exactly
//!   once: the hours that ended in it, and the hour that has begun (its *so far* count), minus
//!   the so-far count at the moment the window began.
//! - A ratio is the sum of the bad over the sum of the valid events of the same window. A mean
//!   of ratios would weigh a quiet night like a busy day; an idle gap adds nothing to either.
//! - The bad count exists from the moment the good one does. Without events in a window there
//!   is no ratio, and no alert; the budget left is then 1. Without the counter there is
//!   nothing at all, and one alert says so.
//! - What is recorded is labelled with the identity of the SLO and nothing that changes while
//!   it stays the same, so history goes on under a new owner or target.
//! - All sums are by service and namespace: services of one name in several namespaces have
//!   numbers of their own, and none hides in another's.
//!
//! # Rooms
//! - `file` and `kubernetes` are rule files in general, `objects` how many of the latter a service
//!   has, `promql` the language, `template` what stands in annotations.
//! - `names` and `job` are how series are spelt and whose they are, `subject` what rules are
//!   about.
//! - `writers` is what each process counted since the rules looked last.
//! - `counts`, `sums`, `budget`, `chance` and `alerts` (with `text` and `worst`) make the rules of an SLO;
//!   `missing`, `gap`, `stuck`, `not_measured`, `missed_run` and `uncovered` those about what no
//!   ratio shows.
//! - `former` adds to an SLO what was counted before it was renamed.
//! - `chosen` are the alerts of SLOs with burn rates of their own, beside the rules for all.
//! - `per_slo` and `universal` (with `objective`) put them together, `stages` for a ruler that shows
//!   results late; `notes` is the head of a
//!   file, `refusals` what can't be written at all, `cases` the tests beside it.
//! - `series` is what other outputs query.

mod alerts;
mod budget;
mod cases;
mod chance;
mod chosen;
mod counts;
mod file;
mod former;
mod gap;
mod job;
mod joined;
mod kubernetes;
mod missed_run;
mod missing;
mod names;
mod not_measured;
mod notes;
mod objective;
mod objects;
mod output;
mod per_slo;
mod promql;
mod refusals;
mod series;
mod stages;
mod stuck;
mod subject;
mod sums;
mod text;
mod uncovered;
mod universal;
mod worst;
mod writers;

pub use cases::Promtool;
pub(super) use cases::SAMPLE;
pub(crate) use missing::PIPELINE_CHECK;
pub use output::{Prometheus, PrometheusRule, rules, universal_rules};
pub(super) use promql::duration;
pub(super) use series::{Metric, NOT_FAILED, Series};
