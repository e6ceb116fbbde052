//! What chance alone does to counts.
//!
//! If every valid event is bad with the same chance, independently of the others, then the
//! number of bad events is binomial. That says how many a service may show that keeps its
//! objective exactly ([`guard`]), how likely more are ([`tail`]), and which error ratios a
//! count is compatible with ([`upper_bound`], [`lower_bound`]).
//!
//! Real failures come in bursts, so chance does more than these numbers say: they are the
//! least an alert has to withstand, never a promise.
//!
//! - `distribution` sums probabilities without a logarithm of a factorial,
//! - `confidence` turns that round: from a count to the error ratios behind it,
//! - `closed_form` is the guard as rule languages can compute it,
//! - `poisson` is what becomes of all that where the events themselves come at random.

mod closed_form;
mod confidence;
mod distribution;
mod poisson;

pub use closed_form::{CHANCE_OFFSET, CHANCE_QUANTILE, explained_by_chance};
pub use confidence::{events_to_show, lower_bound, upper_bound};
pub use distribution::{GUARD_ALPHA, guard, tail};
pub(crate) use poisson::Poisson;
