//! The vocabulary of service level objectives, as plain values.
//!
//! Everything the other crates of the family talk about is named here once: what a
//! [`Journey`] is, what its [`Objectives`] promise over a [`Window`], how an event that
//! ended in some [`Ending`] is judged ([`classify()`]), how much error budget that leaves
//! ([`budget`]), when its consumption is an alert ([`burn_rate`]) and what chance alone does
//! ([`binomial`]). The [`record`] module
//! is the format in which a compiled program carries its declarations.
//!
//! The crate does no I/O, needs no dependency and holds no state. All constructors are
//! `const fn`, so a wrong value is a compile error where it is written:
//!
//! ```
//! use slo_model::{Journey, Objectives, millis};
//!
//! const GOLD: Objectives = Objectives::new().availability(99.9).latency(99.0, millis(500));
//! const CHECKOUT: Journey = Journey::new("checkout")
//!     .title("Buy what is in the cart")
//!     .owner("team-orders")
//!     .objectives(GOLD);
//!
//! assert_eq!(CHECKOUT.get_objectives().unwrap().get_availability().unwrap().to_string(), "99.9%");
//! ```
//!
//! ```compile_fail
//! use slo_model::Objectives;
//! const IMPOSSIBLE: Objectives = Objectives::new().availability(100.0);
//! ```

#![forbid(unsafe_code)]

pub mod binomial;
pub mod budget;
pub mod burn_rate;
mod classify;
mod decimal;
mod declaration;
mod journey;
mod objective;
mod outcome;
pub mod record;
mod route;
mod service;
mod sli;
mod statuses;
mod target;
mod text;
mod threshold;
mod window;

pub use classify::{Ending, Mark, Verdict, classify};
pub use decimal::Decimal;
pub use declaration::{Answer, Declaration, Per, Source, Until};
pub use journey::Journey;
pub use objective::{Latency, MAX_LATENCY_OBJECTIVES, Objectives};
pub use outcome::{EventResult, Outcome};
pub use route::Route;
pub use service::{ServiceName, service_name, service_name_fault};
pub use sli::{AVAILABILITY, LATENCY, MAX_LATENCY_SLIS, Sli, Slis};
pub use statuses::Statuses;
pub use target::{PPB, Target};
pub use threshold::{hours, micros, millis, minutes, secs};
pub use window::{Calendar, Window};
