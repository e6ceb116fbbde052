//! What the shop promises, in one place for all of its services.
//!
//! An organisation would keep such a crate beside its other shared ones: the tiers carry
//! what a good promise looks like, the journeys say whose it is. A service that annotates a
//! handler with a journey inherits both, and a changed value is one reviewed line here.

mod consumers;
mod journeys;
mod tiers;

pub use consumers::CONSUMERS;
pub use journeys::{BROWSE, CHECKOUT, SETTLEMENT};
pub use tiers::{BATCH, GOLD, SILVER};
