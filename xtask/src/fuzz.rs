//! Hostile bytes against the reader of records, guided by the branches they reach.
//!
//! The compiler's own coverage counters do on stable what `cargo fuzz` needs nightly for. A
//! crash leaves its input in `target/fuzz/`, and libFuzzer prints how to run it again.

use crate::{
    Outcome,
    command::{cargo, root, run as run_command},
};
use std::{env, path::Path, process::Command};

const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// How long, unless `SLO_FUZZ_SECONDS` says otherwise.
const SECONDS: &str = "20";

pub(crate) fn run() -> Outcome {
    let target = root().join("target/fuzz");
    let corpus = target.join("corpus");
    run_command(
        fuzz_cargo("run", "seeds", &target)
            .arg("--")
            .arg(&corpus)
            .env_remove("RUSTFLAGS"),
    )?;
    run_command(
        fuzz_cargo("build", "record", &target)
            .env("RUSTFLAGS", COVERAGE)
            .args([
                // With a target of their own, the flags are not for build scripts.
                "--target",
                &host()?,
            ]),
    )?;
    let seconds = env::var("SLO_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let fuzzer = target.join(host()?).join("release/record");
    run_command(
        Command::new(fuzzer)
            .current_dir(&target)
            .arg(&corpus)
            .arg(format!("-max_total_time={seconds}"))
            .args([
                "-max_len=8192",
                "-timeout=5",
                "-rss_limit_mb=1024",
                "-print_final_stats=1",
            ]),
    )
}

fn fuzz_cargo(verb: &str, bin: &str, target: &Path) -> Command {
    let mut cargo = cargo();
    cargo
        .args([verb, "--release", "--bin", bin, "--manifest-path"])
        .arg(root().join("fuzz/Cargo.toml"))
        .env("CARGO_TARGET_DIR", target);
    cargo
}

/// The triple of this machine.
fn host() -> Result<String, String> {
    let about = crate::command::output(Command::new("rustc").arg("-vV"))?;
    let line = about.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| "rustc does not tell its host".to_owned())
}
