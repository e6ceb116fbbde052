//! Error budgets now: what a store counted, against what was promised.
//!
//! - `recorded` asks for what rules recorded, `standing` works out where one SLO stands, `recovery`
//!   when a spent budget comes back, `period` what a window covers.

pub mod period;
pub mod recorded;
pub mod recovery;
pub mod standing;
