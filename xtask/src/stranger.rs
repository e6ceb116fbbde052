//! A crate outside the workspace, built the way that is hardest on metadata, still tells
//! `cargo slo` everything: fat LTO, one codegen unit, stripped, `panic = "abort"`.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
    programs::slo,
};
use serde_json::Value;
use std::fs;

/// Every SLO `cargo slo list` has to show: identity, target in parts per billion, threshold
/// in nanoseconds (0 where there is none). Those of the library crate are among them,
/// although nothing calls them.
const EXPECTED: [(&str, u64, u64); 9] = [
    ("stranger/checkout.availability", 999_000_000, 0),
    ("stranger/checkout.latency", 990_000_000, 500_000_000),
    ("stranger/search.availability", 999_500_000, 0),
    ("stranger/search.latency", 990_000_000, 500_000_000),
    ("stranger/search/rank.availability", 999_990_000, 0),
    ("stranger/search/rank.typical", 500_000_000, 1_500_000),
    ("stranger/search/reindex.availability", 900_000_000, 0),
    ("stranger/search/suggest.availability", 999_500_000, 0),
    ("stranger/search/suggest.latency", 990_000_000, 120_000_000),
];

pub(crate) fn run() -> Outcome {
    readme_is_what_is_built()?;
    let manifest = root().join("tests/stranger/Cargo.toml");
    let target = root().join("target/stranger");
    command::run(
        cargo()
            .args(["build", "--release", "--manifest-path"])
            .arg(&manifest)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let binary = target.join("release/stranger");
    let list = output(
        slo()?
            .args(["list", "--format", "json", "--bin"])
            .arg(&binary),
    )?;
    let list: Value = serde_json::from_str(&list).map_err(|error| error.to_string())?;
    let slos = list["services"][0]["slos"]
        .as_array()
        .ok_or("the list holds SLOs")?;
    let listed: Vec<_> = slos
        .iter()
        .map(|slo| {
            (
                slo["id"].as_str().unwrap_or_default(),
                slo["target_ppb"].as_u64().unwrap_or_default(),
                slo["threshold_ns"].as_u64().unwrap_or_default(),
            )
        })
        .collect();
    let size = fs::metadata(&binary)
        .map_err(|error| error.to_string())?
        .len();
    eprintln!(
        "  {} SLOs read from {} ({size} bytes)",
        listed.len(),
        binary.display()
    );
    if listed == EXPECTED {
        Ok(())
    } else {
        Err(format!("expected {EXPECTED:#?}, found {listed:#?}"))
    }
}

/// The crate's `main.rs` holds the README's first example, word for word.
fn readme_is_what_is_built() -> Outcome {
    let read = |path: &str| {
        fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
    };
    let readme = read("README.md")?;
    let example = readme
        .split("```rust,no_run\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .ok_or("README.md has an example")?;
    if read("tests/stranger/src/main.rs")?.ends_with(example) {
        Ok(())
    } else {
        Err("tests/stranger/src/main.rs does not hold the README's first example; copy it".into())
    }
}
