//! Texts of other people on their way into something that has a syntax of its own, and numbers on
//! their way to people.
//!
//! What a record, a `slo.toml` or a catalogue says may have been written by anybody. Every output
//! writes it with the one escape of its target, so that a reader gets the same text back, or the
//! visible form of it, and nothing else changes:
//!
//! - [`characters`] is the table of what nobody sees, which all of them share.
//! - [`terminal`] spells it out; [`shown`] does, too, and keeps line breaks.
//! - [`json`], [`yaml`], [`toml`] and [`promql`] escape it; these read back as they were.
//! - [`html`] and [`markdown`] are for pages, [`Counted`] for their words that count something,
//!   [`pieces`] what those with placeholders are made of; [`workflow`] and [`sarif`] are for reports
//!   of findings.
//! - [`template`], [`grafana`], [`datadog`] and [`terraform`] keep systems from finding their own
//!   variables in a text, which is then written with the escape of its file.
//! - [`numbers`] are counts, shares, amounts and lengths of time as people read them; [`hash`] is what
//!   names and approvals are told apart by.

mod characters;
mod counted;
pub(crate) mod datadog;
pub(crate) mod grafana;
pub(crate) mod hash;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod numbers;
mod placeholders;
pub(crate) mod promql;
pub(crate) mod sarif;
pub(crate) mod template;
mod terminal;
pub(crate) mod terraform;
pub(crate) mod toml;
pub(crate) mod workflow;
pub(crate) mod yaml;

pub(crate) use characters::{is_invisible, letters};
pub(crate) use counted::Counted;
pub(crate) use placeholders::{Piece, pieces};
pub(crate) use terminal::{push_spelled, shown, visible};
