//! The official schema of SARIF reads what `cargo slo check` finds in definitions that are meant to
//! break something.

use super::tools;
use crate::{
    Outcome,
    command::{self, root},
    programs::slo,
};
use std::fs;

/// What is checked: a name, and arguments. The texts of all rules are in each document.
const CHECKED: [(&str, &str); 3] = [
    (
        "hostile",
        "--export tests/judges/definitions/hostile.slo.json \
         --slo-toml tests/judges/definitions/hostile.toml \
         --catalog tests/judges/definitions/catalogue",
    ),
    (
        "places",
        "--export cargo-slo/tests/it/fleet/stock.slo.json \
         --openapi cargo-slo/tests/it/fleet/api/stock.yaml",
    ),
    (
        "edge",
        "--export tests/judges/definitions/edge.slo.json tests/judges/definitions/hostile.slo.json",
    ),
];

pub(super) fn run() -> Outcome {
    let folder = root().join("target/interop/made/sarif");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut documents = Vec::new();
    for (name, arguments) in CHECKED {
        let path = folder.join(format!("{name}.sarif"));
        let document = findings(arguments)?;
        fs::write(&path, document).map_err(|error| format!("{}: {error}", path.display()))?;
        documents.push(path);
    }
    let schema = tools::source_of("serde-sarif")?.join("src/schema.json");
    command::run(tools::judge("judge-sarif").arg(schema).args(documents))
}

/// What is found, which is an error only where nothing could be checked.
fn findings(arguments: &str) -> Result<Vec<u8>, String> {
    let mut command = slo()?;
    command
        .args(["check", "--format", "sarif", "--today", "2026-06-01"])
        .args(arguments.split_whitespace())
        .env("CARGO_TARGET_DIR", root().join("target"));
    let output = command
        .output()
        .map_err(|error| format!("can't run {command:?}: {error}"))?;
    match output.status.code() {
        Some(1) => Ok(output.stdout),
        _ => Err(format!(
            "{command:?} found nothing or failed: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}
