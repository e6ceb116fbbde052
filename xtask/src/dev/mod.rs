//! `cargo slo dev`, judged by newcomers, tests of applications, and hours of traffic.

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
                .map_err(|_| format!("`{minutes}` is no number"))?;
            hour::run(&programs, Some(minutes))
        }
        [] => all(&programs),
        _ => Err("it takes no argument but `--hour [MINUTES]`".to_owned()),
    }
}

fn all(programs: &Programs) -> Outcome {
    let steps: [fn(&Programs) -> Outcome; 5] = [
        services::run,
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
