//! Whether what is promised can be kept with what the dependencies promise.

pub(in crate::rules) mod budget_below_dependencies;
pub(in crate::rules) mod dependency_cycle;
pub(in crate::rules) mod dependency_unknown;
pub(in crate::rules) mod dependency_window;
pub(in crate::rules) mod dependency_without_slo;
pub(in crate::rules) mod extra_nine;
pub(in crate::rules) mod latency_above_dependency;
pub(in crate::rules) mod latency_not_promised;
pub(in crate::rules) mod soft_without_mitigation;
pub(in crate::rules) mod target_above_dependency;
pub(in crate::rules) mod threshold_below_dependency;
