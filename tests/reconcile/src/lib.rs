//! A chaos test of the whole way from a request to a number in a collector.
//!
//! Clients send requests with every kind of fault, in random order, over real sockets, to
//! servers with the layer in every place it can stand. What each request will count is known
//! before it is sent and written into the client's ledger. Meanwhile an OTLP collector that
//! often fails checks whatever it receives, and snapshots are taken and checked. In the end,
//! the ledger, `slo_sdk::snapshot()` and the last export must agree in every number.
//!
//! A run goes through `endpoints` and `servers` (what is tested), `scenario` (what can
//! happen), `client`, `ledger`, `collector`, and `invariants` and `sli_rules` (what must hold
//! meanwhile).
//!
//! # Left out
//! Only faults whose outcome is certain are here. A client that leaves at no certain moment
//! can't know whether it was in time, so it waits for a sign of the handler or for a part of
//! the answer. A client that keeps `grpc-timeout` itself races against the server's clock
//! (the layer allows for 1 ms), so the deadlines here are kept by the server, or long past
//! when the client leaves.

mod book;
mod client;
mod codec;
mod collector;
mod endpoints;
mod findings;
mod invariants;
mod ledger;
mod random;
mod report;
mod run;
mod scenario;
mod servers;
mod signals;
mod sli_rules;

pub use report::{Plan, Progress, Report};
pub use run::run;
