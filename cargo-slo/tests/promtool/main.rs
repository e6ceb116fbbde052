//! Rules as Prometheus itself sees them: `promtool check rules` accepts them, and
//! `promtool test rules` plays series through them, through both modes alike.
//!
//! `cargo xtask promtool` runs them; `promtool` comes with Prometheus
//! (`apt-get install prometheus`). The variable `PROMTOOL` names another one. UTF-8 names need
//! that of Prometheus 3; with an older one, the tests of them say so and are left out.

#![expect(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::disallowed_methods, reason = "tests read what they wrote")]

mod accepted;
mod burning;
mod cases;
mod judge;
mod matrix;
mod missing;
mod namespaces;
mod numbers;
mod pipeline_check;
mod renamed;
mod running;
mod shop;
mod texts;
mod universal;
