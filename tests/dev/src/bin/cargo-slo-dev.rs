//! The command, where tests of this package find it.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_slo::cli::run(std::env::args_os()).into()
}
