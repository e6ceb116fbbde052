//! The same history through two engines: ours, which sums up the events, and Prometheus, which
//! evaluates the generated rules. Budgets and alerts must be the same.
//!
//! `cargo xtask promtool` runs them; `promtool` comes with Prometheus, and the variable
//! `PROMTOOL` names another one. Random histories come from seeds, which are printed:
//! `SLO_HISTORIES` says how many there are, `SLO_SEED` where they begin, so that one that failed
//! can be run alone.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]
#![expect(clippy::print_stdout, reason = "they show what both engines say")]

mod comparison;
mod history;
mod known;
mod promtool;
mod random;
mod replay;
mod rules;
mod sloth;
mod splitmix;
