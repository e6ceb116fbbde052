//! The long run: `cargo xtask reconcile`.
//!
//! Exits with 0 if all numbers agree, 1 if one differs, 2 if there was nothing to compare.

use clap::Parser;
use reconcile::{Plan, run};
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    time::SystemTime,
};

/// Sends requests with every fault in random order and compares the client's own ledger with
/// `snapshot()` and with what a collector receives.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many requests to send.
    #[arg(long, default_value_t = 200_000)]
    requests: u64,

    /// How many of them at a time.
    #[arg(long, default_value_t = 96)]
    concurrency: usize,

    /// What everything random follows from; the clock, if not given.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plan = Plan {
        requests: arguments.requests,
        concurrency: arguments.concurrency,
        seed: arguments.seed.unwrap_or_else(by_the_clock),
    };
    eprintln!("seed {}", plan.seed);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    // Over itself on a terminal, a line now and then in a log.
    let (end, every) = if io::stderr().is_terminal() {
        ("\x1b[K\r", 1)
    } else {
        ("\n", 10)
    };
    let shown = std::cell::Cell::new(0u32);
    let report = runtime.block_on(run(plan, |progress| {
        shown.set(shown.get() + 1);
        if shown.get().is_multiple_of(every) {
            eprint!("{progress}{end}");
            // Progress that can't be shown is not a failure.
            let _ = io::stderr().flush();
        }
    }));
    match report {
        Ok(report) => {
            eprintln!("{report}");
            ExitCode::from(u8::from(!report.findings.is_empty()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn by_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(1, |since| u64::from(since.subsec_nanos()))
}
