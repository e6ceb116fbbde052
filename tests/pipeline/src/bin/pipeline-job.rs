//! A job as CronJob or a systemd timer run it: a process for each run.
//!
//! `pipeline-job ok` succeeds and ends well, `pipeline-job fail` fails and ends with status 1.
//! `pipeline-job hang` works through one item that is exported, then one that is not, says
//! `hanging` and waits to be killed.

#![expect(clippy::print_stdout, reason = "how its parent hears of it")]

use pipeline::PIPELINE;
use slo_sdk::slo;
use std::{env, error::Error, process::ExitCode, thread};

#[slo(journey = PIPELINE, every = 30s)]
fn run(succeeds: bool) -> Result<(), String> {
    if succeeds {
        Ok(())
    } else {
        Err("asked to fail".to_owned())
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let slo = slo_sdk::builder()
        .shutdown_timeout(pipeline::SHUTDOWN_TIMEOUT)
        .try_init()?;
    let asked = env::args().nth(1);
    match asked.as_deref() {
        Some("ok") => Ok(ended(&run(true))),
        Some("fail") => Ok(ended(&run(false))),
        Some("hang") => {
            // Nothing is counted yet, so nothing follows this export on its own.
            slo.flush()?;
            let _ = ended(&run(true));
            slo.flush()?;
            let _ = ended(&run(true));
            println!("hanging");
            loop {
                thread::park();
            }
        }
        _ => Err("usage: pipeline-job ok|fail|hang".into()),
    }
}

fn ended(run: &Result<(), String>) -> ExitCode {
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
