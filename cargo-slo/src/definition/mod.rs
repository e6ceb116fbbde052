//! What the records of a service say together.
//!
//! - [`Definition`] holds the services, each [`Service`] its journeys, endpoints and SLOs.
//! - [`Slo`] is one objective at one level, with its [`Identity`]; [`value_hash`] is what an
//!   approval of it is bound to.
//! - `formerly` is what SLOs were before a rename.
//! - [`RouteConflict`]s are routes whose requests can't be told apart.
//! - [`resolve`] makes them from what was read; [`Conflict`]s between records are errors,
//!   because whichever of two records were taken, half of the numbers would be wrong.

mod conflict;
mod formerly;
mod resolve;
mod routes;
mod service;
mod slo;
mod value_hash;

pub use conflict::{Conflict, Conflicts, Contested};
pub(crate) use formerly::of_endpoint as former_names;
pub use resolve::{resolve, resolve_owned};
pub use routes::RouteConflict;
pub use service::{Definition, Journey, Service};
pub use slo::{Identity, Level, Sli, Slo};
pub use value_hash::value_hash;
