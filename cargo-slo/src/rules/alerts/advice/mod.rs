//! What several rules recommend where alerts or budgets don't fit the traffic.
//!
//! `detection` is which errors an alert tells of, `fitting` the alerts in which no rule finds a fault,
//! `setting` how they are written down, `ways_out` what helps a budget of too few events.

pub(in crate::rules) mod detection;
pub(in crate::rules) mod fitting;
pub(in crate::rules) mod setting;
pub(in crate::rules) mod ways_out;
