//! What is known of services, put together once: annotations, `slo.toml`, the catalogue, a history.
//!
//! - A [`Fleet`] is assembled from what [`input`](crate::input) read; its [`Subject`]s are the
//!   services in question, its [`Provider`]s everybody who can be depended on.
//! - [`Alerts`] are the burn-rate conditions of its SLOs, [`BudgetPolicy`] what happens to a budget that
//!   is spent, `reviews` who approved a target, `worth` what a budget costs.
//! - `dependencies` is what a service calls and what that promises, `coverage` how much of it is
//!   annotated, `participants` who takes part in a journey, `likely` which annotation probably serves
//!   which route.
//! - `corrections` are stretches of time that say nothing of what users got.
//! - `firing` is whether a condition holds for counts, `hoarded` whether too much of a budget is left.
//! - `measured`, `layers` and `uncovered` are what a history says: of SLOs, of endpoints that no
//!   layer saw, of requests that no annotation covers.
//! - A [`Place`] is where a fact is written, `usual` the targets that advice proposes.
//!
//! Rules, outputs, documents and commands read it; none of them works out a fact by itself.

pub(crate) mod alerts;
mod assembly;
mod corrections;
pub(crate) mod coverage;
pub(crate) mod dependencies;
mod error;
pub(crate) mod firing;
pub(crate) mod hoarded;
pub(crate) mod layers;
mod likely;
pub(crate) mod measured;
pub(crate) mod participants;
mod place;
mod policy;
pub(crate) mod reviews;
mod subject;
pub(crate) mod uncovered;
mod usual;
pub(crate) mod worth;

pub use alerts::Alerts;
pub use assembly::{Fleet, Provider};
pub use error::FleetError;
pub(crate) use likely::likely_journey;
pub use place::Place;
pub use policy::BudgetPolicy;
pub use subject::{Expected, Subject};
pub(crate) use usual::USUAL_TARGETS;
