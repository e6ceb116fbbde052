//! The command `completions`.

use super::{Exit, failure::Failure};
use clap::{Args, Command};
use clap_complete::Shell;
use std::io::Write;

/// Print a script by which a shell completes commands and options
///
/// Save it where the shell looks for completions of `cargo-slo`: in bash as
/// `~/.local/share/bash-completion/completions/cargo-slo`, in zsh as `_cargo-slo` in a folder of
/// `$fpath`, in fish as `~/.config/fish/completions/cargo-slo.fish`. Cargo's own completions for
/// zsh, and for bash with bash-completion 2.12 or later, then complete `cargo slo`, too.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, mut command: Command, out: &mut dyn Write) -> Result<Exit, Failure> {
        // The generator panics where it can't write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "cargo-slo", &mut script);
        let script = String::from_utf8_lossy(&script);
        // For bash, it spells a hyphen in two ways, and options are never found (clap#6421).
        let script = script.replace("cargo__subcmd__slo", "cargo__slo");
        out.write_all(script.as_bytes())?;
        Ok(Exit::Clean)
    }
}
