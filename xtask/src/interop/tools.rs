//! Building other projects' tools from source, pinned.

use crate::command::{self, cargo, output, root};
use std::{
    fs,
    path::PathBuf,
    process::{Child, Command},
};

const WHAT_IS_NEEDED: &str = "\
Prometheus, Alertmanager and OpenSLO's SDK need Go 1.26.7 or newer (go.dev/dl). Go 1.21 or newer \
fetches that by itself unless GOTOOLCHAIN=local; Debian's package `golang-go` may be older";

/// Go is there.
pub(super) fn go() -> Result<(), String> {
    output(Command::new("go").arg("version"))
        .map(|version| eprintln!("  {}", version.trim()))
        .map_err(|why| format!("{why}; Go is in Debian's package `golang-go`, or at go.dev"))
}

fn folder() -> Result<PathBuf, String> {
    let folder = root().join("target/interop");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// A tool that Go installs by package and version; Go's checksum database says that it is what
/// it was.
pub(super) fn installed(name: &str, package: &str, options: &[&str]) -> Result<PathBuf, String> {
    install(name, package, options, &[])
}

/// The same with variables that Go reads.
pub(super) fn installed_with(
    name: &str,
    package: &str,
    variables: &[(&str, &str)],
) -> Result<PathBuf, String> {
    install(name, package, &[], variables)
}

fn install(
    name: &str,
    package: &str,
    options: &[&str],
    variables: &[(&str, &str)],
) -> Result<PathBuf, String> {
    let tools = folder()?;
    command::run(
        Command::new("go")
            .arg("install")
            .args(options)
            .arg(package)
            .envs(variables.iter().copied())
            .env("GOBIN", &tools)
            .current_dir(root()),
    )
    .map_err(|why| format!("{why}; {WHAT_IS_NEEDED}"))?;
    Ok(tools.join(name))
}

/// A program of a module in `tests/judges`, whose `go.sum` says what its dependencies are.
pub(super) fn built(module: &str, package: &str) -> Result<PathBuf, String> {
    let program = folder()?.join(format!("judge-{module}"));
    command::run(
        Command::new("go")
            .args(["build", "-o"])
            .arg(&program)
            .arg(package)
            .current_dir(root().join("tests/judges").join(module)),
    )
    .map_err(|why| format!("{why}; {WHAT_IS_NEEDED}"))?;
    Ok(program)
}

/// Cargo for a crate of the workspace `tests/judges`.
fn crates(action: &str) -> Command {
    let mut cargo = cargo();
    cargo
        .args([action, "--quiet", "--locked", "--manifest-path"])
        .arg(root().join("tests/judges/Cargo.toml"))
        .env("CARGO_TARGET_DIR", root().join("target/judges"));
    cargo
}

/// Starts to build all of them.
pub(super) fn start_crates() -> Result<Child, String> {
    crates("build")
        .spawn()
        .map_err(|error| format!("can't start cargo: {error}"))
}

/// The folder with the source of a crate that the judges use.
pub(super) fn source_of(package: &str) -> Result<PathBuf, String> {
    let mut cargo = crates("metadata");
    let metadata = command::quietly(cargo.args(["--format-version", "1"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|found| found["name"] == package)
        .find_map(|found| {
            Some(
                PathBuf::from(found["manifest_path"].as_str()?)
                    .parent()?
                    .into(),
            )
        })
        .ok_or_else(|| format!("no judge uses {package}"))
}

/// A program of that workspace, with arguments to come.
pub(super) fn judge(package: &str) -> Command {
    let mut cargo = crates("run");
    cargo.args(["--package", package, "--"]);
    cargo
}
