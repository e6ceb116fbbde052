//! The page of `cargo slo dev`: a [`View`](super::view::View) as HTML.
//!
//! - `frame` is what stays: the head, the header, the footer; `content` the main part, which an
//!   update replaces. `script.js` does so and keeps what the reader opened and chose; the page
//!   says the same without it.
//! - `attention`, `start`, `refused`, `service`, `journey`, `latency`, `consumers`, `unannotated` and
//!   `events` are the parts of the content; `timeline` and `bar` draw, `table`
//!   writes cells.
//! - `words` writes texts with what is filled into them, `reason` why something is as it is, `numbers`
//!   numbers, `state` how urgent something is; `text` holds every word, one table per language.
//!
//! Nothing is computed here that the view could say, and no clock is read: the same view gives
//! the same bytes.

mod attention;
mod bar;
mod consumers;
mod content;
mod events;
mod frame;
mod journey;
mod latency;
mod numbers;
mod reason;
mod refused;
mod service;
mod start;
mod state;
mod table;
mod text;
mod timeline;
mod unannotated;
mod words;

pub use content::main;
pub use frame::page;
pub(super) use reason::refusal;
