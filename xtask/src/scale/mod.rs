//! A fleet of a thousand services with twenty SLOs each: what `cargo slo generate prometheus`
//! needs for its rules, beside slokit for a fleet of the same size, in the same run. `scale status`:
//! what `cargo slo status` needs for the budgets of a thousand SLOs, and of ten thousand.

pub(crate) mod fleet;
mod measure;
mod status;
mod store;

use crate::{
    Outcome,
    command::{self, cargo, root},
};
use measure::{Run, measure};
use std::{
    env, fs,
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
const RUNS: usize = 5;

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/scale");
    command::run(cargo().args(["build", "--release", "--package", "cargo-slo"]))?;
    let ours = root().join("target/release/cargo-slo");
    match env::args().nth(2).as_deref() {
        None => rules(&folder, &ours),
        Some("status") => status::run(&folder, &ours),
        Some(other) => Err(format!(
            "`{other}` is nothing that is measured; `status` is"
        )),
    }
}

/// The rules of all services, beside those of the other tool.
fn rules(folder: &Path, ours: &Path) -> Outcome {
    let theirs = slokit(folder)?;

    let fleet = folder.join("fleet");
    let exports = fleet::exports(&fleet.join("exports"), SERVICES)?;
    let specs = fleet.join("specs");
    fleet::specs(&specs, SERVICES)?;

    let [ours_out, theirs_out] = ["ours", "theirs"].map(|name| folder.join("rules").join(name));
    let generate = |out: &Path| {
        let mut command = Command::new(ours);
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
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // In turns: what else the machine does meanwhile is then the same for both.
    for _ in 0..RUNS {
        ours.push(once(&ours_out, &generate)?);
        theirs.push(once(&theirs_out, &others)?);
    }
    let (ours, theirs) = (best(ours)?, best(theirs)?);

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

/// A run into an empty folder.
fn once(out: &Path, command: &dyn Fn(&Path) -> Command) -> Result<Run, String> {
    // What an earlier run left would make this one replace files.
    let _ = fs::remove_dir_all(out);
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    measure(&mut command(out), out)
}

/// The fastest of several runs.
fn best(runs: Vec<Run>) -> Result<Run, String> {
    let best = runs.into_iter().min_by_key(|run| run.time);
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
