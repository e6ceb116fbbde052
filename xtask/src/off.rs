//! With the feature `off` a service behaves the same, counts nothing, is no larger, and its
//! binary holds no record but the sentinel.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
};
use serde_json::Value;

pub(crate) fn run() -> Outcome {
    let manifest = root().join("tests/off/Cargo.toml");
    let target = root().join("target/off");
    command::run(
        cargo()
            .args(["run", "--manifest-path"])
            .arg(&manifest)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let list = output(
        cargo()
            .args(["run", "--quiet", "--package", "cargo-slo", "--", "slo"])
            .args(["list", "--format", "json", "--bin"])
            .arg(target.join("debug/switched-off")),
    )?;
    let list: Value = serde_json::from_str(&list).map_err(|error| error.to_string())?;
    let service = &list["services"][0];
    match service["slos"].as_array() {
        Some(slos) if slos.is_empty() && !service["sdk"].is_null() => Ok(()),
        _ => Err(format!(
            "expected a service built with the SDK and no SLOs, found {list:#}"
        )),
    }
}
