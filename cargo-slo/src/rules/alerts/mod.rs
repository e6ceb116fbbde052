//! Whether alerts fire when they should, and only then. `advice` is what several of these rules
//! recommend.

pub(in crate::rules) mod advice;
pub(in crate::rules) mod alert_never_fires;
pub(in crate::rules) mod alert_on_one_event;
pub(in crate::rules) mod burn_rate_below_one;
pub(in crate::rules) mod false_pages;
pub(in crate::rules) mod silent_leak;
pub(in crate::rules) mod undetected;

pub(in crate::rules) use advice::fitting::change as fitting_alerts;
