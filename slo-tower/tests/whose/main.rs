//! Whose a request is: over real sockets, with the ledger kept by the client.

mod book;
mod grpc;
mod journey;
mod matrix;
mod nested;
mod nesting;
mod panics;
#[cfg(feature = "axum")]
mod prefix;
mod preflights;
#[path = "../hostile/random.rs"]
#[expect(dead_code, reason = "what a hostile client needs")]
mod random;
mod routers;
