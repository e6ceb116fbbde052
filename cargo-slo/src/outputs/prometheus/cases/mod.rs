//! Test cases for `promtool test rules`: that the rules do what the definitions say.
//!
//! Each case is a history of events, and what follows from it: the counts in the window, what
//! is left of the budget, and which alerts fire. What follows is computed here from the events
//! themselves in whole numbers; no rule has a part in it, so a mistake in a rule is seen.
//!
//! Promtool evaluates every rule of a file at every step of every case, so the time it takes grows
//! with the number of SLOs. Their rules are of few shapes, though. A service with many SLOs has two
//! files of cases: one plays every SLO through the whole rule file in a few steps, the other plays
//! every history through the rules of a sample, an SLO of each shape.
//!
//! - `history` is events step by step, `scenarios` are the histories of the cases,
//! - `shape` tells which rules are alike, `part` is what of a service is played,
//! - `played` are the counters that take part, `expected` is what follows for an SLO,
//! - `file` puts all of it into promtool's notation, `inputs` the series and `asserted` what follows.

mod asserted;
mod expected;
mod file;
mod history;
mod inputs;
mod output;
mod part;
mod played;
mod scenarios;
mod shape;

pub use output::Promtool;
pub(in crate::outputs) use output::SAMPLE;
