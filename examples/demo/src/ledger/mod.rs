//! What every endpoint of every service must have counted, by what the client saw.
//!
//! [`Visit`] is one request at one endpoint, [`follow()`] finds all visits of a request,
//! `judge` says what a visit counts as, [`Ledger`] adds up. A [`Range`] is wider than one
//! number only where the client can't know better.

mod book;
mod follow;
mod judge;
mod range;
mod visit;

pub(crate) use book::{Ledger, Sides};
pub(crate) use follow::{Contradiction, follow, follow_run, service_name};
pub(crate) use judge::{Thresholds, thresholds};
pub(crate) use range::Range;
pub(crate) use visit::{Ended, Visit};
