//! Every feature of the published crates compiles on its own, without the others, and all
//! together.

use crate::{
    Outcome,
    command::{self, cargo, output},
};
use serde_json::Value;

const PUBLISHED: [&str; 4] = ["slo-model", "slo-sdk", "slo-tower", "cargo-slo"];

fn check(package: &str, arguments: &[&str]) -> Outcome {
    eprintln!("  {package} {}", arguments.join(" "));
    command::run(
        cargo()
            .args(["clippy", "--quiet", "--package", package])
            .args(arguments)
            .args(["--", "--deny", "warnings"]),
    )
}

pub(crate) fn run() -> Outcome {
    let metadata = output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists packages")?;
    for name in PUBLISHED {
        let package = packages
            .iter()
            .find(|package| package["name"] == name)
            .ok_or_else(|| format!("there is no package {name}"))?;
        let features = package["features"]
            .as_object()
            .ok_or("a package has features")?;
        check(name, &["--no-default-features"])?;
        for feature in features.keys().filter(|feature| *feature != "default") {
            check(name, &["--no-default-features", "--features", feature])?;
        }
        // `off` takes out what the others bring, so all without it are a build of their own.
        let others: Vec<_> = features
            .keys()
            .filter(|feature| *feature != "off")
            .cloned()
            .collect();
        check(name, &["--features", &others.join(",")])?;
        check(name, &["--all-features"])?;
    }
    Ok(())
}
