//! What the client does: [`Ask`] is what it can ask for, [`plan`] what the shop will do about
//! it, [`Client`] asks and sees an answer, or hangs up, and [`send`] does so thousandfold.

mod ask;
mod client;
mod generator;
mod hang_up;
pub(crate) mod plan;
mod seen;
mod settlement;
mod warm_up;

pub(crate) use ask::Ask;
pub(crate) use client::Client;
pub(crate) use generator::{Generator, send};
pub(crate) use plan::Plan;
pub(crate) use seen::{Seen, Sent};
pub(crate) use settlement::{Outcome, Run, settle};
pub(crate) use warm_up::warm_up;
