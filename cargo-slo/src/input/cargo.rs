//! Cargo, started by us.

use std::{env, process::Command};

/// The cargo that started us, or the one on the path; it is told nothing of the package that we are of.
///
/// A program that `cargo run` starts has variables that name its package. The build script of `ring`, for
/// one, reads them: with other values it runs again, and all that depends on it is compiled again, too.
pub(super) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}
