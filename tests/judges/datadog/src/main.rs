//! Judges `cargo slo` with the types of Datadog's own client.
//!
//! - `judge-datadog requests FILE…` reads what `generate datadog` wrote,
//! - `judge-datadog drift PROGRAM EXPORT…` starts `diff --against datadog` at a server whose answers
//!   these types wrote.

mod drift;
mod planted;
mod requests;
mod server;
mod stock;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let judged = match &arguments[..] {
        [what, files @ ..] if what == "requests" => requests::run(files),
        [what, program, exports @ ..] if what == "drift" => drift::run(program, exports),
        _ => Err("requests FILE… or drift PROGRAM EXPORT…".to_owned()),
    };
    match judged {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
