//! Whether it is settled what a spent budget leads to, and an unspent one, and who approved the targets.

pub(in crate::rules) mod approval_void;
pub(in crate::rules) mod blocks_nobody;
pub(in crate::rules) mod hoarded_budget;
pub(in crate::rules) mod never_satisfying;
pub(in crate::rules) mod no_budget_policy;
pub(in crate::rules) mod policy_without_action;
pub(in crate::rules) mod review_overdue;
