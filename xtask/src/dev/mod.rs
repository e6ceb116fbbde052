//! `cargo slo dev`, judged by newcomers, tests of applications, and hours of traffic.
//!
//! - `services`: every number on the page is what processes counted and clients asked.
//! - `shop`: every SLO of `cargo demo`, with its faults, counts on the page what its client saw.
//! - `start`: the first number is there within a second.
//! - `newcomer`: what the README says to paste and to type leads to numbers on the page.
//! - `expected`: `--expect`, `--record` and `--compare` around a real `cargo test`.
//! - `storm`: log records of bad requests slow nothing down.
//! - `hour`: memory stays flat, with thousands of series of a made-up `fleet`.
//!
//! `session` is a running command, `page` the numbers in its HTML, `ledger` what a client asked.

mod expected;
mod fleet;
mod folder;
mod hour;
mod http;
mod ledger;
mod newcomer;
mod page;
mod programs;
mod services;
mod session;
mod shop;
mod start;
mod storm;

use crate::Outcome;
use programs::Programs;
use std::{env, process::Command};

/// Without arguments what CI runs; `--hour` with a number of minutes, if not sixty, is the long run.
pub(crate) fn run() -> Outcome {
    let given: Vec<String> = env::args().skip(2).collect();
    let programs = Programs::build()?;
    match &*given {
        [hour] if hour == "--hour" => hour::run(&programs, None),
        [hour, minutes] if hour == "--hour" => {
            let minutes = minutes
                .parse()
                .map_err(|_| format!("`{minutes}` is not a number"))?;
            hour::run(&programs, Some(minutes))
        }
        [] => all(&programs),
        _ => Err("it takes no argument but `--hour [MINUTES]`".to_owned()),
    }
}

fn all(programs: &Programs) -> Outcome {
    let steps: [fn(&Programs) -> Outcome; 6] = [
        services::run,
        shop::run,
        start::run,
        newcomer::run,
        expected::run,
        storm::run,
    ];
    steps.iter().try_for_each(|step| step(programs))
}

/// Removes variables that would change what a program exports.
fn plain(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            command.env_remove(name);
        }
    }
}
