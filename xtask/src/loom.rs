//! The modules that threads share, in every order that threads can run in.

use crate::{
    Outcome,
    command::{cargo, root, run as run_command},
};

pub(crate) fn run() -> Outcome {
    run_command(
        cargo()
            .args(["test", "--release", "--manifest-path"])
            .arg(root().join("tests/loom/Cargo.toml"))
            .env("CARGO_TARGET_DIR", root().join("target/loom")),
    )
}
