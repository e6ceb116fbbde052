//! A fleet of a thousand services with twenty SLOs each: what `cargo slo generate prometheus`
//! needs for its rules, beside slokit for a fleet of the same size, in the same run.

mod fleet;
mod measure;

use crate::{
    Outcome,
    command::{self, cargo, root},
};
use measure::{Run, measure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const SERVICES: usize = 1000;

/// The other tool, at the version the bounds were set with.
const SLOKIT: &str = "1.9.0";

/// At most this part of the other tool's time, and of its memory.
const OF_TIME: f64 = 1.0 / 3.0;
const OF_MEMORY: f64 = 1.0 / 10.0;

/// Runs of each; the best counts, as the machine has other things to do.
const RUNS: usize = 3;

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/scale");
    command::run(cargo().args(["build", "--release", "--package", "cargo-slo"]))?;
    let ours = root().join("target/release/cargo-slo");
    let theirs = slokit(&folder)?;

    let fleet = folder.join("fleet");
    let exports = fleet::exports(&fleet.join("exports"), SERVICES)?;
    let specs = fleet.join("specs");
    fleet::specs(&specs, SERVICES)?;

    let [ours_out, theirs_out] = ["ours", "theirs"].map(|name| folder.join("rules").join(name));
    let generate = |out: &Path| {
        let mut command = Command::new(&ours);
        command
            .args(["slo", "generate", "prometheus", "-o"])
            .arg(out);
        command.arg("--export").args(&exports);
        command
    };
    let others = |out: &Path| {
        let mut command = Command::new(&theirs);
        command.arg("generate").arg("--input").arg(&specs);
        command.arg("--output").arg(out.join("rules.yaml"));
        command
    };
    let ours = best(&ours_out, &generate)?;
    let theirs = best(&theirs_out, &others)?;

    eprintln!("  {SERVICES} services, {} SLOs each", fleet::SLOS);
    eprintln!(
        "  {:<24} {:>8} {:>10} {:>7} {:>10}",
        "", "time", "memory", "files", "rules"
    );
    for (name, run) in [
        ("cargo slo", &ours),
        (&*format!("slokit {SLOKIT}"), &theirs),
    ] {
        eprintln!("  {name:<24} {run}");
    }
    let time = ours.time.as_secs_f64() / theirs.time.as_secs_f64();
    let memory = ours.peak as f64 / theirs.peak as f64;
    eprintln!("  {:<24} {time:>7.2}× {memory:>9.2}×", "ours to theirs");
    let mut missed = Vec::new();
    for (what, is, bound) in [("time", time, OF_TIME), ("memory", memory, OF_MEMORY)] {
        if is > bound {
            missed.push(format!("{is:.3} times its {what}, allowed are {bound:.3}"));
        }
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("; "))
    }
}

/// The fastest of several runs, each into an empty folder.
fn best(out: &Path, command: &dyn Fn(&Path) -> Command) -> Result<Run, String> {
    let mut best: Option<Run> = None;
    for _ in 0..RUNS {
        // What an earlier run left would make this one replace files.
        let _ = fs::remove_dir_all(out);
        fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
        let run = measure(&mut command(out), out)?;
        if best.as_ref().is_none_or(|best| run.time < best.time) {
            best = Some(run);
        }
    }
    best.ok_or_else(|| "nothing was run".to_owned())
}

/// Installs slokit where it is not yet, and says where it is.
fn slokit(folder: &Path) -> Result<PathBuf, String> {
    let program = folder.join("bin/slokit");
    let version = format!("slokit@{SLOKIT}");
    command::run(
        cargo()
            .args(["install", "--quiet", "--locked", &version, "--root"])
            .arg(folder)
            .arg("--target-dir")
            .arg(folder.join("build")),
    )?;
    Ok(program)
}
