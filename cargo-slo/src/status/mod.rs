//! Error budgets now: what a store counted, against what was promised.
//!
//! - `recorded` asks for what rules recorded, `standing` works out where one SLO stands, `recovery`
//!   when a spent budget comes back.
//! - `period` is what a window covers, `calendar` the budget of a calendar period.
//! - `report` is all of it for a fleet, `spent` who spent the budget of one.

pub mod calendar;
pub mod period;
pub mod recorded;
pub mod recovery;
pub mod report;
pub mod spent;
pub mod standing;
