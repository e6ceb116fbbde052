//! Test cases for `promtool test rules`: that the rules do what the definitions say.
//!
//! Each case is a history of events, and what follows from it: the counts in the window, what
//! is left of the budget, and which alerts fire. What follows is computed here from the events
//! themselves in whole numbers; no rule has a part in it, so a mistake in a rule is seen.
//!
//! - `history` is events in steps of five minutes, `scenarios` are the histories of the cases,
//! - `played` are the counters that take part, `expected` is what follows for an SLO,
//! - `file` puts all of it into promtool's notation.
//!
//! Samples and evaluations are both five minutes apart: differences of counters then span five
//! minutes each, and a case of hours takes a moment.

mod expected;
mod file;
mod history;
mod output;
mod played;
mod scenarios;

pub use output::{Promtool, cases};

/// Minutes from one sample to the next, and from one evaluation to the next.
const STEP: u32 = 5;
