//! The reviewer: what is wrong with the SLOs of a fleet, in words that help.
//!
//! - One file per [`Rule`], in the folder of its family. The comment at its head is the text of
//!   `cargo slo explain`, of the page in the book, and of the help in SARIF; [`all`] lists them.
//! - A rule looks at one [`Subject`](crate::fleet::Subject) of a [`Fleet`](crate::fleet::Fleet) and
//!   gives [`Finding`]s. What is known of a service is worked out in [`fleet`](crate::fleet), never
//!   in a rule.
//! - [`check()`] runs all of them, applies the exceptions of `slo.toml` and the [`Levels`].

mod alerts;
mod change;
mod check;
pub(crate) mod coverage;
mod dependencies;
mod facts;
mod finding;
mod journeys;
mod levels;
mod policy;
mod promise;
mod registry;
mod rule;
mod targets;

pub use check::check;
pub(crate) use check::found;
pub use finding::Finding;
pub use levels::{Levels, LevelsError};
pub use registry::{all, find};
pub use rule::Rule;
