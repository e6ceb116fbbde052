//! What several rules recommend where alerts or budgets don't fit the traffic.
//!
//! `detection` is which errors an alert tells of, `setting` other alerts written down to be copied,
//! `ways_out` what helps a budget of too few events.

pub(in crate::rules) mod detection;
pub(in crate::rules) mod setting;
pub(in crate::rules) mod ways_out;
