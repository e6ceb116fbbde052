//! Prometheus' own tool reads what is generated for the shop, and runs the tests of
//! `cargo-slo` that need it.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
};
use std::{fs, process::Command};

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
