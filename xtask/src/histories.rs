//! The same histories through our engine of events and through Prometheus.

use crate::{
    Outcome,
    command::{self, root},
    promtool,
};
use std::{path::PathBuf, process::Command};

/// What stands beside our numbers in the table of histories, from the module proxy that Go asks
/// anyway.
const SLOTH: &str = "github.com/slok/sloth/cmd/sloth@v0.16.0";

/// Runs the tests and shows their tables.
pub(crate) fn run() -> Outcome {
    let mut test = promtool::tests("histories");
    test.args(["--", "--nocapture", "--test-threads", "1"]);
    match sloth() {
        Ok(program) => {
            test.env("SLO_SLOTH", program);
        }
        // It is judged by none of the tests.
        Err(why) => eprintln!("  without Sloth beside it: {why}"),
    }
    command::run(&mut test)
}

/// Builds Sloth, which needs a recent Go, and says where it is.
fn sloth() -> Result<PathBuf, String> {
    let tools = root().join("target/sloth");
    command::run(
        Command::new("go")
            .args(["install", SLOTH])
            .env("GOBIN", &tools)
            .current_dir(root()),
    )?;
    Ok(tools.join("sloth"))
}
