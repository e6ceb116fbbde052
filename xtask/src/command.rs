//! Running cargo.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// Cargo, in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    forget_package(&mut cargo);
    cargo
}

/// What cargo tells this program about itself is nobody else's business: some build scripts run again when it
/// changes, and with them all that depends on them.
pub(crate) fn forget_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
}

/// What a command is called with, for people.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| format!("{word:?}")).collect();
    words.join(" ")
}

/// Runs a command and gives what it printed on stdout; the rest goes where ours goes.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("can't run {shown}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{shown} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{shown} printed no UTF-8"))
}

/// Runs a command whose output belongs to the user.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    let status = command
        .status()
        .map_err(|error| format!("can't run {shown}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown} failed: {status}"))
    }
}

/// Runs a command whose output matters only where it fails, and gives what it printed on stdout.
pub(crate) fn quietly(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command
        .output()
        .map_err(|error| format!("can't run {shown}: {error}"))?;
    let [out, err] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    if output.status.success() {
        Ok(out)
    } else {
        Err(format!("{shown} failed: {}\n{out}{err}", output.status))
    }
}
