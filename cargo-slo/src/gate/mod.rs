//! Whether a change may be delivered.
//!
//! - `decision` is the answer for an SLO and for all, `overrides` who delivers nevertheless.

pub mod decision;
pub mod overrides;
