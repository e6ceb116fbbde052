//! The programs that are judged.

use crate::programs;
use std::{path::PathBuf, process::Command};

/// The command, and a service that it watches.
pub(super) struct Programs {
    /// `cargo-slo`, in the folder where `cargo slo` is to find it.
    pub(super) command: PathBuf,
    pub(super) watched: PathBuf,
}

impl Programs {
    pub(super) fn build() -> Result<Programs, String> {
        let built = programs::Programs::built()?;
        Ok(Programs {
            command: built.path("cargo-slo"),
            watched: built.path("watched"),
        })
    }

    /// `cargo slo dev`, without variables that would change what exporters do.
    pub(super) fn dev(&self) -> Command {
        let mut command = Command::new(&self.command);
        command
            .args(["slo", "dev"])
            .env_remove("GITHUB_STEP_SUMMARY");
        super::plain(&mut command);
        command
    }
}
