//! The command line.

use clap::{Parser, builder::RangedU64ValueParser};

/// Starts the example shop and an OTLP receiver, sends traffic with faults over real
/// sockets, and compares every count received with what the client saw.
///
/// Exits with 0 if all counts agree, 1 if one differs, 2 if the demo itself failed.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo demo", version)]
pub(crate) struct Arguments {
    /// How long to send traffic, at 400 requests a second.
    #[arg(long, default_value_t = 5, value_parser = RangedU64ValueParser::<u32>::new().range(1..=3600))]
    pub(crate) seconds: u32,

    /// What all traffic and all faults follow from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,

    /// Keeps the shop running with gentle traffic until Ctrl-C.
    #[arg(long)]
    pub(crate) serve: bool,

    /// Sends everything received on to another OTLP endpoint, such as that of a Prometheus:
    /// `http://127.0.0.1:9090/api/v1/otlp`.
    #[arg(long, value_name = "URL")]
    pub(crate) forward: Option<String>,
}
