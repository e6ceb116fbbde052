//! What the layer costs beside the middlewares that people use, all in one process.
//!
//! `--quick` measures little: it is for CI, which wants to know that every peer still records
//! what it is given and that the table is printed.

use crate::{
    Outcome,
    command::{self, cargo, root},
    machine,
};
use std::{env, fs, path::Path, process::Command};

const WORKSPACE: &str = "benches/peers";

/// Whose versions the figures depend on.
const PACKAGES: [&str; 13] = [
    "autometrics",
    "axum",
    "axum-otel-metrics",
    "axum-prometheus",
    "metrics",
    "opentelemetry",
    "opentelemetry-instrumentation-tower",
    "prometheus-client",
    "slo-tower",
    "tokio",
    "tower",
    "tower-http",
    "tower-otel",
];

/// The program that measures, and the one that it asks for allocations.
const PROGRAMS: [&str; 2] = ["peers", "peer-allocations"];

pub(crate) fn run() -> Outcome {
    // One folder for two builds of the layer, which have most dependencies in common.
    let target = root().join("target/peers");
    build(&target, &["--features", "spans"])?;
    let with_spans = target.join("spans");
    put_aside(&target.join("release"), &with_spans)?;
    build(&target, &[])?;
    command::run(
        Command::new(target.join("release").join(file_name(PROGRAMS[0])))
            .args(env::args().skip(2))
            .arg("--spans")
            .arg(with_spans.join(file_name(PROGRAMS[0]))),
    )?;
    let lock = Path::new(WORKSPACE).join("Cargo.lock");
    say(&machine::about()?);
    say(&machine::versions(&lock, &PACKAGES)?);
    Ok(())
}

fn build(target: &Path, features: &[&str]) -> Outcome {
    command::run(
        cargo()
            .args(["build", "--release", "--quiet", "--bins"])
            .args(features)
            .arg("--manifest-path")
            .arg(root().join(WORKSPACE).join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", target),
    )
}

/// Copies the programs before the next build replaces them.
fn put_aside(from: &Path, to: &Path) -> Outcome {
    let copy = |name: &str| fs::copy(from.join(name), to.join(name));
    fs::create_dir_all(to)
        .and_then(|()| {
            PROGRAMS
                .iter()
                .try_for_each(|name| copy(&file_name(name)).map(drop))
        })
        .map_err(|error| format!("{}: {error}", to.display()))
}

fn file_name(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

#[expect(clippy::print_stdout, reason = "it belongs to the table")]
fn say(line: &str) {
    println!("{line}");
}
