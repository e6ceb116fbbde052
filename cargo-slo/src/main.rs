//! The command `cargo slo`; everything it does lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_slo::cli::run(std::env::args_os()).into()
}
