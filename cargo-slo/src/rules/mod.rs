//! The reviewer: what is wrong with the SLOs of a fleet, in words that help.
//!
//! - One file per [`Rule`]. The comment at its head is the text of `cargo slo explain`, of the
//!   page in the book, and of the help in SARIF; [`all`] lists them.
//! - A rule looks at one [`Subject`] of a [`Fleet`] and gives [`Finding`]s.
//! - [`check`] runs all of them, applies the exceptions of `slo.toml` and the [`Levels`].
//! - `conditions`, `detection`, `setting`, `coverage`, `dependencies`, `ways_out` and `words` are
//!   what several rules share: the alerts of an SLO, what they tell of, other alerts written down to
//!   be copied, how much of a service is annotated, what it depends on, what helps, and numbers as people read them. `counted` is
//!   what a history says of a service, `measured` whether a layer saw its events,
//!   `uncovered` what it says of requests that no annotation covers, `worth` what its budgets cost.

mod alert_never_fires;
mod alert_on_one_event;
pub(crate) mod approval_void;
mod budget_below_dependencies;
mod budget_policy;
mod burn_rate_below_one;
mod check;
pub(crate) mod conditions;
pub(crate) mod conflicting_routes;
mod counted;
pub(crate) mod coverage;
pub(crate) mod dependencies;
mod dependency_cycle;
mod dependency_unknown;
mod dependency_window;
mod dependency_without_slo;
mod detection;
mod endpoint_not_annotated;
mod exception_without_reason;
mod extra_nine;
mod false_pages;
mod few_events;
mod finding;
pub(crate) mod fleet;
mod journey_facts;
mod journey_failure;
mod journey_of_one_endpoint;
mod journey_without_availability;
mod latency_above_dependency;
mod latency_not_promised;
mod latency_of_stream;
mod levels;
mod loss_above_tolerable;
pub(crate) mod measured;
mod never_satisfying;
mod never_served;
mod no_budget_policy;
mod no_event;
mod no_route;
mod no_runbook;
mod not_in_catalogue;
mod not_measured;
mod off_tier;
mod out_of_reach;
mod outage_too_short;
mod over_achieved;
mod policy_without_action;
mod registry;
mod review_overdue;
mod route_not_offered;
mod rule;
mod service_description;
mod service_name_differs;
mod setting;
mod silent_leak;
mod soft_without_mitigation;
mod status_without_reason;
mod target_above_dependency;
mod target_below_half;
mod threshold_below_dependency;
mod threshold_off_boundary;
mod tighter_than_loss;
mod two_writers;
mod unannotated_traffic;
pub(crate) mod uncovered;
mod undetected;
mod unknown_name;
mod unused_exception;
mod unused_ignore;
mod ways_out;
pub(crate) mod words;
mod worth;

pub use budget_policy::BudgetPolicy;
pub use check::check;
pub(crate) use check::found;
pub use finding::{Finding, Place};
pub use fleet::{Expected, Fleet, FleetError, Provider, Subject};
pub use levels::{Levels, LevelsError};
pub use registry::{all, find};
pub use rule::Rule;
