//! Whether a change may be delivered.
//!
//! - `delivery` is which SLOs decide about it, `decision` the answer for an SLO and for all,
//!   `overrides` who delivers nevertheless.

pub mod decision;
pub mod delivery;
pub mod overrides;
