//! Prometheus' own tool reads what is generated for the shop, and runs the tests of
//! `cargo-slo` that need it.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
};
use std::{fs, path::PathBuf, process::Command};

pub(crate) fn run() -> Outcome {
    output(Command::new("promtool").arg("--version")).map_err(|why| {
        format!("{why}; promtool is in Debian's package `prometheus`, or comes with Prometheus")
    })?;
    command::run(cargo().args([
        "test",
        "--package",
        "cargo-slo",
        "--features",
        "promtool-tests",
        "--test",
        "promtool",
    ]))?;
    histories()?;

    let rules = root().join("target/slo/promtool");
    // A file of an earlier run is not to be mistaken for one of this.
    let _ = fs::remove_dir_all(&rules);
    command::run(cargo().args(["build", "--package", "cargo-slo"]))?;
    let shop = [
        "shop-gateway",
        "shop-orders",
        "shop-payments",
        "shop-settlement",
    ];
    let packages = shop.iter().flat_map(|package| ["--package", package]);
    command::run(
        cargo()
            .args(["run", "--quiet", "--package", "cargo-slo", "--", "slo"])
            .args(["generate", "prometheus"])
            .args(packages)
            .arg("-o")
            .arg(&rules),
    )?;
    let mut files: Vec<_> = fs::read_dir(&rules)
        .map_err(|error| format!("{}: {error}", rules.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    if files.len() != shop.len() {
        return Err(format!(
            "expected a file for each of {shop:?}, found {files:?}"
        ));
    }
    command::run(
        Command::new("promtool")
            .args(["check", "rules", "--lint-fatal"])
            .args(files),
    )
}

/// What stands beside our numbers in the table of histories, from the module proxy that Go asks
/// anyway.
const SLOTH: &str = "github.com/slok/sloth/cmd/sloth@v0.16.0";

/// The same histories through our engine and through Prometheus; their table is shown.
fn histories() -> Outcome {
    let mut test = cargo();
    test.args(["test", "--package", "cargo-slo", "--features"])
        .args(["promtool-tests", "--test", "histories"])
        .args(["--", "--nocapture", "--test-threads", "1"]);
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
