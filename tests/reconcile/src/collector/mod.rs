//! An OTLP collector on a bad day: it checks everything it receives, and often fails.
//!
//! `server` listens and fails, `faults` says how, `export` decodes, `audit` checks.

mod audit;
mod export;
mod faults;
mod server;

pub(crate) use audit::Audit;
pub(crate) use server::Collector;
