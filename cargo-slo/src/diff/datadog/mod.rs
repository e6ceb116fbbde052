//! What a Datadog has, and what it should have: the objects of `cargo slo generate datadog`.
//!
//! - [`Objective`] is an SLO as it should be, with its monitors; `identity` are the tags it is
//!   known by, so that names and descriptions may change.
//! - [`compare_datadog`] asks for those that stand there; `slo` and `monitor` say in what one
//!   differs, and which request would change that.
//! - `burn_rate` reads the query of a monitor.

mod burn_rate;
mod compare;
mod identity;
mod monitor;
mod slo;
mod wanted;

pub use compare::compare_datadog;
pub use wanted::{Objective, read_objectives};
