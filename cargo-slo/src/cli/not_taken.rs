//! Why a command does not take an option that others take.

use crate::diagnostics::Diagnostic;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands, the options that they do not take, and why.
const REASONS: [(&[&str], &[&str], &str); 9] = [
    (
        &["init"],
        &["--slo-toml", "--catalog", "--may-read", "--scaling"],
        "it writes the `slo.toml`, where `[catalogue]` is to name the catalogue",
    ),
    (
        &["completions", "man"],
        &[
            "--slo-toml",
            "--catalog",
            "--may-read",
            "--scaling",
            "--service",
            "--bin",
            "--export",
            "--files-from",
            "--keep-going",
            "--prometheus",
            "--header",
        ],
        "it is about the command, and reads nothing",
    ),
    (
        &["explain"],
        &[
            "--service",
            "--bin",
            "--export",
            "--files-from",
            "--keep-going",
        ],
        "it reads no service",
    ),
    (
        &["gate"],
        &["--slo-toml", "--catalog", "--may-read", "--scaling"],
        "policy and targets are those of the export of the protected branch, never of the change itself",
    ),
    (
        &["explain"],
        &["--prometheus", "--header"],
        "what it explains depends on nothing that was counted",
    ),
    (
        &["dev"],
        &[
            "--service",
            "--files-from",
            "--keep-going",
            "--prometheus",
            "--header",
        ],
        "it shows what running services export of themselves, and asks nothing else; `--bin` and `--export` \
         only add titles, routes and burn rates to it",
    ),
    (
        &["list", "export", "init"],
        &["--prometheus", "--header"],
        "it shows what is declared, not what was counted; `cargo slo check --prometheus URL` compares both",
    ),
    (
        &["generate"],
        &["--prometheus", "--header"],
        "rules depend on nothing that was counted; `cargo slo diff --prometheus URL` compares them with \
         those that run there",
    ),
    (
        &["doc"],
        &["--prometheus", "--header"],
        "the same files give the same document: `cargo slo check --prometheus URL --write-history FILE` \
         keeps what was counted, and `--measured FILE` shows it",
    ),
];

/// Returns why a command does not take an option.
pub(super) fn reason(command: &str, option: &str) -> Option<&'static str> {
    let mut reasons = REASONS.iter();
    let found = reasons
        .find(|(commands, options, _)| commands.contains(&command) && options.contains(&option));
    found.map(|(_, _, reason)| *reason)
}

/// Returns what to report in place of an error about arguments; `None` if that says enough.
pub(super) fn explained(error: &clap::Error, command: &str) -> Option<Diagnostic> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let why = reason(command, option)?;
    Some(Diagnostic::error(format!("`{command}` takes no `{option}`")).with_note(why))
}
