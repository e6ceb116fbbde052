//! With the feature `off` a service behaves the same, counts nothing, is no larger, and its
//! binary holds no record but the sentinel, of which `cargo slo` says so.

use crate::{
    Outcome,
    command::{self, cargo, root},
    programs::slo,
};

pub(crate) fn run() -> Outcome {
    let manifest = root().join("tests/off/Cargo.toml");
    let target = root().join("target/off");
    command::run(
        cargo()
            .args(["run", "--manifest-path"])
            .arg(&manifest)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let list = slo()?
        .args(["list", "--bin"])
        .arg(target.join("debug/switched-off"))
        .output()
        .map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&list.stderr);
    match list.status.code() {
        Some(2) if told.contains("slo-sdk was built with its feature `off`") => Ok(()),
        _ => Err(format!("expected that `off` is an error, found {list:?}")),
    }
}
