//! The README's programs, word for word, each in an empty project: built, started, asked, ended
//! with SIGTERM, and compared with what arrived over OTLP.
//!
//! `project` makes them, `receiver` is where their counts go, `requests` asks, `judge` compares.

mod judge;
pub(crate) mod project;
mod receiver;
mod requests;

pub(crate) use judge::run;
