//! Builds of one variant, and how long they took.

use super::service::{self, Variant};
use crate::command::{cargo, run};
use std::{
    env, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// What was measured of one variant; a duration for each round.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) variant: Variant,
    /// The crate alone, for a debug build.
    pub(super) clean: Vec<Duration>,
    /// The same after a change in one handler.
    pub(super) incremental: Vec<Duration>,
    /// The crate alone, for a release build.
    pub(super) release: Vec<Duration>,
    /// Bytes of the stripped release program.
    pub(super) bytes: u64,
}

/// Builds everything that all variants need.
pub(super) fn dependencies(folder: &Path) -> Result<(), String> {
    eprintln!("  dependencies");
    run(&mut build(folder, &[]))?;
    run(&mut build(folder, &["--release"]))
}

impl Measured {
    pub(super) fn new(variant: Variant) -> Measured {
        Measured {
            variant,
            clean: Vec::new(),
            incremental: Vec::new(),
            release: Vec::new(),
            bytes: 0,
        }
    }

    /// Builds it once in every way.
    pub(super) fn build(&mut self, folder: &Path, round: usize) -> Result<(), String> {
        let package = ["--package", self.variant.package()];
        let release = [package[0], package[1], "--release"];
        clean(folder, self.variant)?;
        self.clean.push(timed(&mut build(folder, &package))?);
        service::touch(folder, self.variant, round + 1)?;
        self.incremental.push(timed(&mut build(folder, &package))?);
        self.release.push(timed(&mut build(folder, &release))?);
        Ok(())
    }

    /// Weighs the release program.
    pub(super) fn weigh(&mut self, folder: &Path) -> Result<(), String> {
        let name = format!("{}{}", self.variant.package(), env::consts::EXE_SUFFIX);
        let path = folder.join("target/release").join(name);
        let metadata = fs::metadata(&path);
        self.bytes = metadata
            .map_err(|error| format!("{}: {error}", path.display()))?
            .len();
        Ok(())
    }
}

fn in_folder(folder: &Path) -> Command {
    let mut cargo = cargo();
    cargo
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // As people build: what is usual for each profile, whatever is set where this runs.
        .env_remove("CARGO_INCREMENTAL")
        .env_remove("RUSTFLAGS");
    cargo
}

fn build(folder: &Path, arguments: &[&str]) -> Command {
    let mut cargo = in_folder(folder);
    cargo.args(["build", "--quiet"]).args(arguments);
    cargo
}

/// Forgets what was built of the package, in both profiles.
fn clean(folder: &Path, variant: Variant) -> Result<(), String> {
    for profile in ["dev", "release"] {
        run(in_folder(folder)
            .args(["clean", "--quiet", "--profile", profile])
            .args(["--package", variant.package()]))?;
    }
    Ok(())
}

fn timed(command: &mut Command) -> Result<Duration, String> {
    let start = Instant::now();
    run(command)?;
    Ok(start.elapsed())
}
