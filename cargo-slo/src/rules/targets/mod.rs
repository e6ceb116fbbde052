//! Whether a target and what it is measured by fit the traffic, the tier, the past and the money.

pub(in crate::rules) mod few_events;
pub(in crate::rules) mod latency_of_stream;
pub(in crate::rules) mod loss_above_tolerable;
pub(in crate::rules) mod no_event;
pub(in crate::rules) mod off_tier;
pub(in crate::rules) mod out_of_reach;
pub(in crate::rules) mod outage_too_short;
pub(in crate::rules) mod over_achieved;
pub(in crate::rules) mod target_below_half;
pub(in crate::rules) mod threshold_off_boundary;
pub(in crate::rules) mod tighter_than_loss;
