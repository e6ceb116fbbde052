//! Error budgets now: what a store counted, against what was promised.
//!
//! - `recorded` asks for what rules recorded, `windows` of whole windows, `hours` holds it hour by hour, `standing` works out where
//!   one SLO stands, `recovery` when a spent budget comes back.
//! - `deploy` is what was spent since the last deployment.
//! - `firing` is which alerts fire, `earlier` asks for what was before: windows and processes that ended.
//! - `corrected` is what is left without load tests and the like.
//! - `period` is what a window covers, `calendar` the budget of a calendar period.
//! - `report` is all of it for a fleet: `asked` which SLOs it asks about, `judged` what it makes of the
//!   answers, `summary` says it in a sentence. `spent` is who spent the budget of one,
//!   by the `growth` of counters.

mod asked;
pub mod calendar;
pub mod corrected;
pub mod deploy;
pub mod earlier;
pub mod firing;
mod growth;
pub mod hours;
mod judged;
pub mod period;
pub mod recorded;
pub mod recovery;
pub mod report;
pub mod spent;
pub mod standing;
mod summary;
pub mod windows;
