//! What a published crate shows to those who have never seen the workspace.

mod foreign;
mod manifest;

use std::path::PathBuf;

/// The crates of the family that are published.
const PUBLISHED: [&str; 5] = [
    "slo-model",
    "slo-macros",
    "slo-sdk",
    "slo-tower",
    "cargo-slo",
];

/// A file or folder of the repository.
fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}
