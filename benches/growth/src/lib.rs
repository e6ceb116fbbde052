//! What counting costs as a service grows: in endpoints, threads, requests in flight, and in
//! the size of its program. `cargo xtask growth` runs it all.
//!
//! `grown` is the body of programs with the given number of endpoints, which `cargo xtask growth`
//! writes; each of the programs here prints one table.

pub mod grown;
pub mod memory;
pub mod middle;
pub mod receiver;

/// The journey of all endpoints: each has an SLI of availability and one of latency.
pub const GROWTH: slo_sdk::Journey = slo_sdk::Journey::new("growth").objectives(
    slo_sdk::Objectives::new()
        .availability(99.9)
        .latency(99.0, slo_sdk::millis(250)),
);
