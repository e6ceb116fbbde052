//! The command `man`.

use super::{Exit, failure::Failure};
use crate::diagnostics::{Diagnostic, nearest};
use clap::{Args, Command};
use clap_mangen::Man;
use std::io::Write;

/// Print a manual page
///
/// `cargo slo man | man -l -` shows it; saved as `cargo-slo.1`, or as `cargo-slo-check.1` that of
/// `check`, in a folder `man1` of `$MANPATH`, it is what `man` finds.
#[derive(Debug, Args)]
pub(super) struct ManPage {
    /// The command that the page is about [default: all of `cargo slo`]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl ManPage {
    pub(super) fn run(&self, command: Command, out: &mut dyn Write) -> Result<Exit, Failure> {
        let mut all = command.disable_help_subcommand(true);
        all.build();
        let page = match &self.command {
            None => all,
            Some(name) => match all.find_subcommand(name) {
                Some(command) => command.clone(),
                None => return Err(unknown(name, &all).into()),
            },
        };
        Man::new(page).render(out)?;
        Ok(Exit::Clean)
    }
}

fn unknown(name: &str, all: &Command) -> Diagnostic {
    let error = Diagnostic::error(format!("there is no command called `{name}`"));
    match nearest(name, all.get_subcommands().map(Command::get_name)) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error.with_help("`cargo slo --help` lists all there are"),
    }
}
