//! Asks cargo what it built.

use super::{Artefact, Package, Role, cargo::cargo};
use crate::diagnostics::Diagnostic;
use serde::Deserialize;
use std::{
    ffi::{OsStr, OsString},
    fmt,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

/// Why cargo could not be asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Cargo could not be started; install it, or set `CARGO` to its path.
    Start {
        /// What was to be started.
        cargo: OsString,
        /// What the system said.
        error: io::Error,
    },
    /// Cargo's messages could not be read.
    Messages(io::Error),
    /// The build failed; cargo said why.
    Failed(ExitStatus),
}

impl BuildError {
    /// Returns the error as it is told to people.
    pub fn diagnostic(&self) -> Diagnostic {
        let error = Diagnostic::error(self.to_string());
        match self {
            BuildError::Start { .. } => error.with_help("set `CARGO` to the path of cargo"),
            BuildError::Failed(_) => error.with_help(
                "the error of cargo is above; programs that are built already are read with `--bin FILE`",
            ),
            BuildError::Messages(_) => error,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Start { cargo, error } => {
                write!(f, "`{}` can't be started: {error}", cargo.display())
            }
            BuildError::Messages(error) => {
                write!(f, "the messages of cargo can't be read: {error}")
            }
            BuildError::Failed(status) => write!(f, "`cargo build` failed: {status}"),
        }
    }
}

impl std::error::Error for BuildError {}

/// Builds with these further arguments of `cargo build` and lists what has machine code.
///
/// Cargo's progress goes to standard error as ever. Archives for other crates (`rlib`) and
/// macros are left out: their code is either in one of the others or not in the service.
///
/// # Errors
/// If cargo can't be started or if the build fails.
pub fn build<Arg: AsRef<OsStr>>(arguments: &[Arg]) -> Result<Vec<Artefact>, BuildError> {
    let mut cargo = cargo();
    let mut child = cargo
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| BuildError::Start {
            cargo: cargo.get_program().to_owned(),
            error,
        })?;
    let messages = child.stdout.take().map(BufReader::new);
    let artefacts = messages.map_or_else(|| Ok(Vec::new()), read_messages);
    let status = child.wait().map_err(BuildError::Messages)?;
    if !status.success() {
        return Err(BuildError::Failed(status));
    }
    artefacts.map_err(BuildError::Messages)
}

/// The part of a message that tells what was built.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    manifest_path: Option<PathBuf>,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    executable: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
struct Target {
    #[serde(default)]
    kind: Vec<String>,
}

fn read_messages(messages: impl BufRead) -> io::Result<Vec<Artefact>> {
    let mut artefacts = Vec::new();
    for line in messages.lines() {
        // A build script or a macro may print lines of its own; they are not messages.
        let Ok(message) = serde_json::from_str::<Message>(&line?) else {
            continue;
        };
        if message.reason == "compiler-artifact" {
            artefacts.extend(message.artefacts());
        }
    }
    Ok(artefacts)
}

impl Message {
    fn artefacts(self) -> Vec<Artefact> {
        let is = |kind: &str| self.target.kind.iter().any(|k| k == kind);
        if is("proc-macro") || is("custom-build") {
            return Vec::new();
        }
        let folder = self.manifest_path.as_deref().and_then(Path::parent);
        let package = folder.map(|folder| Package {
            name: package_name(&self.package_id).to_owned(),
            folder: folder.to_owned(),
        });
        let built = |path, role| Artefact {
            path,
            role,
            package: package.clone(),
            named: false,
        };
        if let Some(executable) = self.executable {
            return vec![built(executable, Role::Executable)];
        }
        // A Rust program that links a `dylib` has its records there and not in its own file.
        let role = match is("dylib") {
            true => Role::Library,
            false => Role::Cdylib,
        };
        let libraries = self.filenames.into_iter().filter(|path| is_shared(path));
        libraries.map(|path| built(path, role)).collect()
    }
}

/// The name in the identity of a package: `path+file:///w/orders#0.1.0`,
/// `path+file:///w/api#orders@0.1.0`, and before Rust 1.77 `orders 0.1.0 (path+file:///w/api)`.
fn package_name(id: &str) -> &str {
    let Some((url, fragment)) = id.rsplit_once('#') else {
        return id.split(' ').next().unwrap_or(id);
    };
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => url.rsplit('/').next().unwrap_or(url),
    }
}

fn is_shared(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    matches!(extension, Some("so" | "dylib" | "dll" | "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_machine_code_is_listed() {
        let messages = r#"
not a message
{"reason":"compiler-artifact","package_id":"path+file:///w/a#orders@0.1.0","manifest_path":"/w/a/Cargo.toml","target":{"kind":["bin"]},"filenames":["/t/a","/t/a.dwp"],"executable":"/t/a"}
{"reason":"compiler-artifact","target":{"kind":["lib","cdylib"]},"filenames":["/t/libb.rlib","/t/libb.so"],"executable":null}
{"reason":"compiler-artifact","target":{"kind":["rlib","dylib"]},"filenames":["/t/libd.rlib","/t/libd.so"],"executable":null}
{"reason":"compiler-artifact","target":{"kind":["proc-macro"]},"filenames":["/t/libc.so"],"executable":null}
{"reason":"compiler-artifact","target":{"kind":["custom-build"]},"filenames":["/t/build-script-build"],"executable":null}
{"reason":"build-finished","success":true}
"#;
        let found = read_messages(messages.as_bytes()).unwrap();
        let package = found[0].package.as_ref().unwrap();
        assert_eq!(
            (&*package.name, &*package.folder),
            ("orders", Path::new("/w/a"))
        );
        assert_eq!(found[1].package, None);
        let found: Vec<_> = found
            .iter()
            .map(|a| (a.path.to_str().unwrap(), a.role))
            .collect();
        assert_eq!(
            found,
            [
                ("/t/a", Role::Executable),
                ("/t/libb.so", Role::Cdylib),
                ("/t/libd.so", Role::Library),
            ]
        );
    }

    #[test]
    fn packages_are_named_as_their_manifests_say() {
        for (id, name) in [
            ("path+file:///w/orders#0.1.0", "orders"),
            ("path+file:///w/api#orders@0.1.0", "orders"),
            ("path+file:///w/c%23#orders@0.1.0", "orders"),
            (
                "registry+https://github.com/rust-lang/crates.io-index#orders@1.0.0+a",
                "orders",
            ),
            ("orders 0.1.0 (path+file:///w/api)", "orders"),
            ("", ""),
        ] {
            assert_eq!(package_name(id), name, "{id}");
        }
    }
}
