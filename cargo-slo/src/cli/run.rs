//! From arguments to an exit code.

use super::{
    Exit, check::Check, completions::Completions, dev::Dev, diff::Diff, doc::Doc, explain::Explain,
    export::Export, failure::Failure, gate::Gate, generate::Generate, init::Init, list::List,
    man::ManPage, may_close::MayClose, not_taken, status::Status,
};
use crate::{
    diagnostics::{Diagnostic, human},
    text::visible,
};
use clap::{CommandFactory, Parser, Subcommand};
use std::{
    ffi::OsString,
    io::{self, BufWriter, Write},
};

/// Lists, checks, exports, generates, documents and compares the service level objectives that a
/// program declares.
///
/// Without further options, the current package is built and what cargo built is read;
/// nothing is run.
#[derive(Debug, Parser)]
#[command(
    name = "cargo slo",
    bin_name = "cargo slo",
    version,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Export(Export),
    Generate(Generate),
    Check(Box<Check>),
    Doc(Box<Doc>),
    Explain(Explain),
    Init(Box<Init>),
    Diff(Box<Diff>),
    Status(Box<Status>),
    Gate(Box<Gate>),
    Dev(Dev),
    Completions(Completions),
    Man(ManPage),
}

/// Runs the command with the arguments of a process, the name of the program first.
///
/// Cargo passes its subcommands their own name, `cargo-slo slo list`; called directly, the
/// name is not there. Both are understood.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == "slo") {
        arguments.remove(1);
    }
    let parsed = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            let command = arguments.get(1).and_then(|name| name.to_str());
            if let Some(told) = command.and_then(|name| not_taken::explained(&error, name)) {
                // The exit code says the same.
                let _ = human::write(&mut anstream::stderr(), &told);
                return Exit::Failed;
            }
            let error = shown(&arguments).unwrap_or(error);
            // Help and version go to standard output and are not errors; clap knows.
            let printed = error.print();
            return match (error.use_stderr(), printed) {
                (false, Ok(())) => Exit::Clean,
                (false, Err(error)) => after_stream_error(&error),
                (true, _) => Exit::Failed,
            };
        }
    };
    // Lists are written word by word, and each word would be a call of the system.
    let mut out = BufWriter::new(anstream::stdout());
    let mut err = MayClose(anstream::stderr());
    let done = match &parsed.command {
        Command::List(command) => command.run(&mut out, &mut err),
        Command::Export(command) => command.run(&mut out, &mut err),
        Command::Generate(command) => command.run(&mut out, &mut err),
        Command::Check(command) => command.run(&mut out, &mut err),
        Command::Doc(command) => command.run(&mut out, &mut err),
        Command::Explain(command) => command.run(&mut out, &mut err),
        Command::Init(command) => command.run(&mut out, &mut err),
        Command::Diff(command) => command.run(&mut out, &mut err),
        Command::Status(command) => command.run(&mut out, &mut err),
        Command::Gate(command) => command.run(&mut out, &mut err),
        Command::Dev(command) => command.run(&mut out, &mut err),
        Command::Completions(command) => command.run(program(), &mut out),
        Command::Man(command) => command.run(program(), &mut out),
    };
    let flushed = |exit| match out.flush() {
        // What was found is the same though nobody reads it.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stream(error)),
        _ => Ok(exit),
    };
    match done.and_then(flushed) {
        Ok(exit) => exit,
        Err(Failure::Stream(error)) => after_stream_error(&error),
        Err(Failure::Told(diagnostics)) => {
            for diagnostic in diagnostics {
                if human::write(&mut err, &diagnostic).is_err() {
                    break;
                }
            }
            Exit::Failed
        }
    }
}

/// The command line under the name that the program has as a file.
fn program() -> clap::Command {
    Arguments::command().name("cargo-slo")
}

/// The same error about arguments that are safe to show: names of files are arguments where a shell
/// lists a folder, and anybody may have given them. `None` if it would not be the same.
fn shown(arguments: &[OsString]) -> Option<clap::Error> {
    let shown = arguments
        .iter()
        .map(|text| OsString::from(&*visible(&text.to_string_lossy())));
    Arguments::try_parse_from(shown).err()
}

/// Whoever reads the output may stop when they have seen enough: that is not an error.
fn after_stream_error(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::Clean;
    }
    let diagnostic = Diagnostic::error(format!("the output can't be written: {error}"));
    // If standard error is gone too, the exit code is all that is left to say it.
    let _ = human::write(&mut anstream::stderr(), &diagnostic);
    Exit::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }

    /// Options that say where services, facts and counts come from.
    const SHARED: [&str; 11] = [
        "service",
        "bin",
        "export",
        "files-from",
        "keep-going",
        "slo-toml",
        "catalog",
        "may-read",
        "scaling",
        "prometheus",
        "header",
    ];

    #[test]
    fn options_exist_and_mean_the_same_in_every_command_or_a_reason_is_given() {
        let arguments = Arguments::command();
        let mut taken = 0;
        for option in SHARED {
            let mut texts = std::collections::BTreeSet::new();
            for command in arguments.get_subcommands() {
                let name = command.get_name();
                let mut options = command.get_arguments();
                let found = options.find(|known| known.get_long() == Some(option));
                let reason = not_taken::reason(name, &format!("--{option}"));
                assert_ne!(
                    found.is_some(),
                    reason.is_some(),
                    "`{name} --{option}` is taken, or refused for a reason"
                );
                if let Some(found) = found {
                    taken += 1;
                    let value = found.get_value_names().map(|names| names.join(" "));
                    let help = found.get_help().map(ToString::to_string);
                    texts.insert((help, value));
                }
            }
            assert_eq!(texts.len(), 1, "--{option}: {texts:#?}");
        }
        assert!(taken > 50, "{taken}");
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_error() {
        assert_eq!(
            after_stream_error(&io::ErrorKind::BrokenPipe.into()),
            Exit::Clean
        );
    }
}
