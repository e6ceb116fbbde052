//! What threads share, under miri. Needs `rustup component add miri` for the nightly
//! toolchain, so it is for those who change it; loom is what CI runs.

use crate::{
    Outcome,
    command::{root, run as run_command},
};
use std::process::Command;

pub(crate) fn run() -> Outcome {
    run_command(
        Command::new("rustup")
            .args(["run", "nightly", "cargo", "miri", "test"])
            .args(["--package", "slo-sdk", "--no-default-features", "--lib"])
            .current_dir(root())
            // For the random seeds of what the dependencies hash.
            .env("MIRIFLAGS", "-Zmiri-disable-isolation")
            .env("CARGO_TARGET_DIR", root().join("target/miri")),
    )
}
