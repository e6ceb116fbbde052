//! `cargo demo`: starts the example shop, sends traffic with faults and proves every count.
//!
//! The services are real processes that talk over real sockets. Each of them fails and is
//! slow at random, but the randomness follows from a seed and from the number of a request,
//! so for each request it is known what has to happen, and the client checks that it does.
//!
//! A run goes through the modules in this order: `shop` builds and starts the processes,
//! `otlp` receives their counts, `traffic` sends requests, `ledger` writes down what every
//! endpoint must have counted, `proof` compares it with what was received, `screen` shows it.

mod arguments;
mod ledger;
mod otlp;
mod proof;
mod run;
mod screen;
mod serve;
mod shop;
mod traffic;

use arguments::Arguments;
use clap::Parser;
use shop::Programs;
use std::{error::Error, process::ExitCode};

/// How the demo ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All counts agree.
    Proven = 0,
    /// At least one differs.
    Different = 1,
    /// There was nothing to compare.
    Failed = 2,
}

fn main() -> ExitCode {
    let verdict = demo(&Arguments::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        Verdict::Failed
    });
    ExitCode::from(verdict as u8)
}

fn demo(arguments: &Arguments) -> Result<Verdict, Box<dyn Error>> {
    eprintln!("building the shop …");
    let programs = Programs::build()?;
    tokio::runtime::Runtime::new()?.block_on(run::run(arguments, &programs))
}
